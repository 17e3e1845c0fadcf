# Reference numbers for banded answers, from R and its packages survey, survival, Hmisc, mvtnorm.
# Writes bands_answers.csv (the answers, invented) and bands_*.csv (the numbers) beside itself.
#   Rscript bands.R FOLDER
suppressMessages({library(survey); library(survival); library(Hmisc); library(mvtnorm)})
here <- commandArgs(trailingOnly = TRUE)[1]
source(file.path(here, "freedom.R"))
options(digits = 15, survey.lonely.psu = "remove")
save <- function(table, name)
  write.csv(table, file.path(here, paste0("bands_", name, ".csv")), row.names = FALSE, quote = FALSE)

# ---- answers ---------------------------------------------------------------------------------

set.seed(20231)
low <- list(cores = 10^(0:6), nodes = 10^(0:6), team = c(1, 2, 6, 11, 21, 51))
high <- list(cores = c(10^(1:6) - 1, Inf), nodes = c(10^(1:6) - 1, Inf), team = c(1, 5, 10, 20, 50, Inf))
band_of <- function(x, edges) findInterval(x, edges) - 1

invent <- function(case, n, clusters, sigma, icc = 0.3) {
  org <- if (clusters == n) seq_len(n) else sort(sample.int(clusters, n, replace = TRUE))
  shared <- rnorm(clusters)[org]
  z <- sqrt(icc) * shared + sqrt(1 - icc) * rnorm(n)
  cores <- exp(log(900) + sigma * z)
  nodes <- exp(log(30) + 0.8 * sigma * (0.9 * z + sqrt(1 - 0.81) * rnorm(n)))
  team <- exp(log(4) + 0.5 * z + 0.7 * rnorm(n))
  data.frame(case = case, org = org,
             stage = sample(c("A", "B", "C"), n, replace = TRUE, prob = c(0.6, 0.35, 0.05)),
             weight = round(runif(n, 0.5, 2), 3),
             cores = band_of(pmax(cores, 1), low$cores), nodes = band_of(pmax(nodes, 1), low$nodes),
             team = band_of(pmax(team, 1), low$team))
}
answers <- rbind(invent("independent", 120, 120, 3), invent("clustered", 240, 80, 3),
                 invent("uneven", 150, 25, 2.2, 0.6), invent("small", 14, 5, 2),
                 invent("one cluster", 6, 1, 1.5))
alike <- invent("alike", 20, 12, 1); alike$cores <- 3; alike$nodes <- 2; alike$team <- 1
answers <- rbind(answers, alike)
answers$cores[answers$case == "clustered"][c(3, 77, 150)] <- NA
answers$nodes[answers$case == "clustered"][c(5, 77, 90)] <- NA
save(answers, "answers")

# ---- shares below edges, quantiles, totals and ratios of edges -----------------------------------

shares <- quantiles <- sums <- ratios <- list()
for (case in setdiff(unique(answers$case), "one cluster")) for (weighted in c(FALSE, TRUE)) {
  rows <- answers[answers$case == case, ]
  rows$w <- if (weighted) rows$weight else 1
  design <- svydesign(ids = ~org, weights = ~w, data = rows)
  for (stage in c("", "A", "B", "C")) {
    part <- design[!is.na(rows$cores) & (stage == "" | rows$stage == stage), ]
    if (nrow(part) == 0) next
    key <- list(case = case, weighted = weighted, stage = stage)
    for (edge in 0:5) {
      m <- svymean(~I(as.numeric(cores <= edge)), part)
      p <- coef(m)[[1]]; se <- SE(m)[[1]]; df <- freedom_of(part, "org")
      limits <- c(NA, NA)
      if (p > 0 && p < 1 && df > 0 && se > 0)
        limits <- attr(svyciprop(~I(cores <= edge), part, method = "xlogit", df = df), "ci")
      shares[[length(shares) + 1]] <- data.frame(key, edge = edge, share = p, se = se,
                                                 low = limits[[1]], high = limits[[2]])
    }
    for (q in c(0.1, 0.25, 0.5, 0.75, 0.9)) {
      # survey 4.1 takes the second of the sorted answers where the first alone passes q.
      w <- weights(part); if (w[order(part$variables$cores)][1] > q * sum(w)) next
      at <- svyquantile(~cores, part, q, ci = FALSE, qrule = "hf1")
      quantiles[[length(quantiles) + 1]] <- data.frame(key, q = q, band = at$cores[1, 1])
    }
    part <- update(part, least = low$cores[cores + 1])
    total <- svytotal(~least, part)
    sums[[length(sums) + 1]] <- data.frame(key, total = coef(total)[[1]], se = SE(total)[[1]])
    both <- if (stage == "") design[!is.na(rows$cores) & !is.na(rows$team), ] else
      design[!is.na(rows$cores) & !is.na(rows$team) & rows$stage == stage, ]
    both <- update(both, above = low$cores[cores + 1], below = pmin(high$team, 1e6)[team + 1])
    closed <- subset(both, team < 5)
    if (nrow(closed) == nrow(both)) {
      r <- svyratio(~above, ~below, both)
      ratios[[length(ratios) + 1]] <- data.frame(key, ratio = coef(r)[[1]])
    }
  }
}
# Medians and quartiles, spread evenly over the logarithm: the limits of the shares, inverted.
# Only where the shares and limits on both sides of the quantile are known.
positions <- list()
known <- do.call(rbind, shares)
for (rows in split(known, list(known$case, known$weighted, known$stage), drop = TRUE)) {
  if (rows$case[1] %in% c("independent", "small", "alike") && !rows$weighted[1]) next
  rows <- rows[!is.na(rows$low) & rows$se > 1e-9, ]
  for (q in c(0.25, 0.5, 0.75)) {
    at <- sapply(c("share", "high", "low"), function(name) if (sum(rows[[name]] <= q) * sum(rows[[name]] > q) == 0)
      NA else 10^approx(rows[[name]], rows$edge + 1, xout = q)$y)
    if (!anyNA(at)) positions[[length(positions) + 1]] <- data.frame(
      rows[1, c("case", "weighted", "stage")], q = q, value = at[[1]], low = at[[2]], high = at[[3]])
  }
}
save(do.call(rbind, positions), "positions")
save(do.call(rbind, shares), "shares")
save(do.call(rbind, quantiles), "quantiles")
save(do.call(rbind, ratios), "ratios")

# ---- change of quantiles between two editions with the same organizations ------------------------
# Every other answer is taken for the later edition. Limits of each edition as above; covariance of
# the shares below the two quantiles from the stacked design; differences by Zou and Donner's MOVER.

changes <- list()
for (case in c("clustered", "uneven")) for (weighted in c(FALSE, TRUE)) {
  rows <- answers[answers$case == case, ]
  rows$w <- if (weighted) rows$weight else 1
  rows$edition <- ifelse(seq_len(nrow(rows)) %% 2 == 1, "2022", "2023")
  design <- subset(svydesign(ids = ~org, weights = ~w, data = rows), !is.na(cores))
  for (q in c(0.25, 0.5)) {
    at <- matrix(NA, 3, 2)
    for (column in 1:2) {
      part <- subset(design, design$variables$edition == c("2022", "2023")[column])
      below <- matrix(NA, 6, 3)
      for (edge in 0:5) {
        below[edge + 1, 1] <- p <- coef(svymean(~I(as.numeric(cores <= edge)), part))[[1]]
        if (p > 1e-9 && p < 1 - 1e-9)
          below[edge + 1, 2:3] <- attr(svyciprop(~I(cores <= edge), part, method = "xlogit", df = freedom_of(part, "org")), "ci")
      }
      inside <- !is.na(below[, 2])
      for (k in 1:3) at[k, column] <- 10^approx(below[inside, c(1, 3, 2)[k]], (1:6)[inside], xout = q)$y
    }
    if (anyNA(at)) next
    design <- update(design, d = pmin(pmax(log10(ifelse(edition == "2022", at[1, 1], at[1, 2])) - cores, 0), 1))
    r <- cov2cor(vcov(svyby(~d, ~edition, design, svymean, covmat = TRUE)))[1, 2]
    mover <- function(a, b) { v <- b[1] - a[1]
      down2 <- b[1] - b[2]; up1 <- a[3] - a[1]; up2 <- b[3] - b[1]; down1 <- a[1] - a[2]
      c(v, v - sqrt(down2^2 + up1^2 - 2 * r * down2 * up1), v + sqrt(up2^2 + down1^2 - 2 * r * up2 * down1)) }
    plain <- mover(at[, 1], at[, 2]); factor <- exp(mover(log(at[, 1]), log(at[, 2])))
    changes[[length(changes) + 1]] <- data.frame(case = case, weighted = weighted, q = q,
      earlier = at[1, 1], later = at[1, 2], value = plain[1], low = plain[2], high = plain[3],
      factor = factor[1], factor_low = factor[2], factor_high = factor[3])
  }
  # Sums of lower edges: what resampling organizations must reproduce.
  total <- svyby(~I(low$cores[cores + 1]), ~edition, subset(design, cores < 5), svytotal, covmat = TRUE)
  change <- svycontrast(total, c(-1, 1))
  sums[[length(sums) + 1]] <- data.frame(case = case, weighted = weighted, stage = "change",
                                         total = coef(change)[[1]], se = SE(change)[[1]])
}
save(do.call(rbind, changes), "changes")
save(do.call(rbind, sums), "sums")

# ---- families: interval-censored maximum likelihood -----------------------------------------------

fits <- list()
for (case in c("independent", "clustered", "uneven", "small")) {
  band <- na.omit(answers$cores[answers$case == case])
  from <- ifelse(band == 0, NA, low$cores[band + 1])
  to <- ifelse(band == 6, NA, 10^(band + 1))
  for (family in c("lognormal", "weibull")) {
    fit <- survreg(Surv(from, to, type = "interval2") ~ 1, dist = family,
                   control = survreg.control(maxiter = 500, rel.tolerance = 1e-14))
    fits[[length(fits) + 1]] <- data.frame(case = case, family = family, location = coef(fit)[[1]],
                                           spread = fit$scale, log_likelihood = fit$loglik[[2]])
  }
  a <- ifelse(band == 0, 0, low$cores[band + 1]); b <- ifelse(band == 6, Inf, 10^(band + 1))
  negative <- function(p) -sum(log(ifelse(a > exp(p[1]) / exp(p[2]),
    pgamma(a, exp(-p[2]), scale = exp(p[1]), lower.tail = FALSE) -
      pgamma(b, exp(-p[2]), scale = exp(p[1]), lower.tail = FALSE),
    pgamma(b, exp(-p[2]), scale = exp(p[1])) - pgamma(a, exp(-p[2]), scale = exp(p[1])))))
  best <- optim(c(10, 1), negative, control = list(maxit = 5000, reltol = 1e-16))
  for (again in 1:5) best <- optim(best$par, negative, control = list(maxit = 5000, reltol = 1e-16))
  fits[[length(fits) + 1]] <- data.frame(case = case, family = "gamma", location = best$par[1],
                                         spread = exp(best$par[2]), log_likelihood = -best$value)
}
save(do.call(rbind, fits), "fits")

# ---- Turnbull's estimate for bands that overlap ----------------------------------------------------

pooled <- data.frame(low = c(1, 10, 100, 1000, 10000, 1, 101, 501, 1001, 5001),
                     reach = c(10, 100, 1000, 10000, 100000, 101, 501, 1001, 5001, 10001),
                     count = c(8, 14, 22, 19, 7, 12, 9, 6, 15, 5))
long <- pooled[rep(seq_len(nrow(pooled)), pooled$count), ]
# Half-open intervals: the upper edge itself is not part of one.
# R stops when a step is below 5e-5; the same algorithm is run here until it stands still.
patient <- gsub("5e-05", "1e-13", deparse(survival:::survfitTurnbull), fixed = TRUE)
patient <- eval(parse(text = patient), envir = asNamespace("survival"))
assignInNamespace("survfitTurnbull", patient, "survival")
fit <- survfit(Surv(long$low, long$reach - 1e-6, type = "interval2") ~ 1)
below <- data.frame(edge = c(10, 100, 1000, 5001, 10000, 10001, 100000))
below$share <- sapply(below$edge, function(e) 1 - min(c(1, fit$surv[fit$time <= e])))
save(pooled, "pooled"); save(below, "turnbull")

# ---- rank association, with a jackknife over clusters -----------------------------------------------

pairs <- list()
tau <- function(w, data) { # weights multiply rows
  rows <- rep(seq_len(nrow(data)), round(w))
  c(cor(data$cores[rows], data$team[rows], method = "kendall"),
    rcorr.cens(data$cores[rows], data$team[rows])[["Dxy"]],
    rcorr.cens(data$team[rows], data$cores[rows])[["Dxy"]])
}
for (case in c("independent", "clustered", "uneven", "small")) {
  rows <- answers[answers$case == case, ]
  rows <- rows[!is.na(rows$cores) & !is.na(rows$team), ]
  whole <- tau(rep(1, nrow(rows)), rows)
  orgs <- unique(rows$org)
  left <- t(sapply(orgs, function(o) { kept <- rows[rows$org != o, ]; tau(rep(1, nrow(kept)), kept) }))
  m <- length(orgs)
  se <- sqrt((m - 1) / m * colSums(sweep(left, 2, whole)^2))
  pairs[[length(pairs) + 1]] <- data.frame(case = case, tau = whole[1], cores_given_team = whole[2],
    team_given_cores = whole[3], se_tau = se[1], se_cores_given_team = se[2], se_team_given_cores = se[3])
}
save(do.call(rbind, pairs), "pairs")

# ---- the bivariate normal, and the correlation behind a table ----------------------------------------

grid <- expand.grid(h = c(-3, -1, 0, 0.7, 2.5), k = c(-2, -0.3, 1.1), rho = c(-0.9, -0.4, 0, 0.25, 0.8, 0.95))
grid$below <- mapply(function(h, k, rho)
  pmvnorm(upper = c(h, k), corr = matrix(c(1, rho, rho, 1), 2), algorithm = Miwa(steps = 4097))[[1]],
  grid$h, grid$k, grid$rho)
save(grid, "bivariate")

correlations <- list()
for (case in c("independent", "clustered", "uneven")) {
  rows <- answers[answers$case == case, ]
  rows <- rows[!is.na(rows$cores) & !is.na(rows$nodes), ]
  edge <- function(band, fit) (log(cbind(ifelse(band == 0, 0, 10^band), ifelse(band == 6, Inf, 10^(band + 1)))) -
                               coef(fit)[[1]]) / fit$scale
  fit_of <- function(band) survreg(Surv(ifelse(band == 0, NA, 10^band), ifelse(band == 6, NA, 10^(band + 1)),
    type = "interval2") ~ 1, dist = "lognormal", control = survreg.control(maxiter = 500, rel.tolerance = 1e-14))
  fc <- fit_of(rows$cores); fn <- fit_of(rows$nodes)
  x <- edge(rows$cores, fc); y <- edge(rows$nodes, fn)
  key <- paste(rows$cores, rows$nodes); first <- !duplicated(key); times <- as.vector(table(key)[key[first]])
  fit <- function(rho) sum(times * log(suppressWarnings(mapply(function(a, b, c, d)
    pmvnorm(c(a, c), c(b, d), corr = matrix(c(1, rho, rho, 1), 2), algorithm = Miwa(steps = 1024))[[1]],
    x[first, 1], x[first, 2], y[first, 1], y[first, 2]))))
  best <- optimize(fit, c(0, 0.98), maximum = TRUE, tol = 1e-8)
  correlations[[length(correlations) + 1]] <- data.frame(case = case, correlation = best$maximum,
    median_ratio = exp(coef(fc)[[1]] - coef(fn)[[1]]))
}
save(do.call(rbind, correlations), "correlations")
