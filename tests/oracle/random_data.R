# Shares in a whole sample and in a domain, and regressions on bands, of many drawn data sets, in
# one process: Rscript random_data.R DATA FOLDER; see random_data.py. Writes random_shares.csv and
# random_fits.csv. "domain" is subset() of the design, 0 for the whole sample.
suppressMessages({library(survey); library(survival)})
options(digits = 15, survey.lonely.psu = "remove")
given <- commandArgs(trailingOnly = TRUE)
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(script), "freedom.R"))
all <- read.csv(given[1])
edges <- c(0, 1, 10, 100, 1000, 10000, Inf)
num <- function(x) sprintf("%.12g", as.numeric(x))

# R makes no design of one cluster: there are shares, and nothing to say of their variance.
one_cluster <- function(d, names) {
  rows <- list()
  for (domain in c(0, 1, 3)) {
    own <- d[!is.na(d$answer_1) & (domain == 0 | d$group == domain), ]
    if (nrow(own) > 0) for (place in seq_along(names)) {
      y <- own[[names[place]]]
      rows[[length(rows) + 1]] <- data.frame(
        case = d$case[1], domain = domain, answer = place, base = nrow(own), count = sum(y),
        value = num(weighted.mean(y, own$weight)), se = NA, low = NA, high = NA)
    }
  }
  do.call(rbind, rows)
}

shares_of <- function(d) {
  names <- paste0("answer_", seq_len(d$offered[1]))
  if (length(unique(d$cluster)) < 2) return(one_cluster(d, names))
  design <- svydesign(ids = ~cluster, weights = ~weight, data = d)
  rows <- list()
  for (domain in c(0, 1, 3)) {
    own <- subset(design, !is.na(answer_1) & (domain == 0 | group == domain))
    if (nrow(own) == 0) next
    mean <- svymean(as.formula(paste("~", paste(names, collapse = " + "))), own)
    df <- freedom_of(own, "cluster")
    for (place in seq_along(names)) {
      p <- coef(mean)[[place]]; se <- SE(mean)[[place]]; limits <- c(NA, NA)
      if (p > 1e-9 && p < 1 - 1e-9 && df > 0 && se > 1e-9)
        limits <- attr(svyciprop(as.formula(paste0("~", names[place])), own, method = "xlogit",
                                 df = df), "ci")
      rows[[length(rows) + 1]] <- data.frame(
        case = d$case[1], domain = domain, answer = place, base = nrow(own),
        count = sum(own$variables[[names[place]]]), value = num(p), se = num(se),
        low = num(limits[1]), high = num(limits[2]))
    }
  }
  do.call(rbind, rows)
}

# The scores of survreg's own likelihood, by differences (see intervals.R why not its residuals).
scores <- function(fit, d, low, reach) {
  x <- model.matrix(~ factor(group), d)
  size <- ncol(x) + 1
  theta <- c(coef(fit), log(fit$scale))
  value <- function(t) {
    mean <- x %*% t[-size]
    a <- ifelse(low == 0, -Inf, (log(low) - mean) / exp(t[size]))
    b <- ifelse(is.infinite(reach), Inf, (log(reach) - mean) / exp(t[size]))
    log(ifelse(a > 0, pnorm(-a) - pnorm(-b), pnorm(b) - pnorm(a)))
  }
  sapply(seq_len(size), function(j) {
    step <- replace(rep(0, size), j, 1e-5)
    (value(theta + step) - value(theta - step)) / 2e-5
  })
}

fits_of <- function(d) {
  clusters <- length(unique(d$cluster))
  if (nrow(d) < 40 || clusters < 5 || min(table(factor(d$group, 1:3))) < 2) return(NULL)
  low <- edges[d$band + 1]; reach <- edges[d$band + 2]
  d$from <- ifelse(low == 0, NA, low); d$to <- ifelse(is.infinite(reach), NA, reach)
  # Where all units of a group are in the last band its coefficient has no end: no fit to compare.
  fit <- tryCatch(
    survreg(Surv(from, to, type = "interval2") ~ factor(group), d, weights = weight,
            dist = "lognormal", control = survreg.control(rel.tolerance = 1e-13, maxiter = 500)),
    warning = function(problem) NULL)
  if (is.null(fit)) return(NULL)
  sums <- rowsum(scores(fit, d, low, reach) * d$weight, d$cluster)
  own <- clusters / (clusters - 1) * fit$var %*% crossprod(sums) %*% fit$var
  # A scale known to a factor of e^4 (two standard errors of 2) is known to nobody: the likelihood
  # is flat to the last digits of a double, and where a fit stops on it is chance.
  if (own[4, 4] > 4) return(NULL)
  data.frame(case = d$case[1], parameter = c("intercept", "second", "third", "log_scale"),
             estimate = num(c(coef(fit), log(fit$scale))), se = num(sqrt(diag(own))))
}

cases <- split(all, all$case)
save <- function(rows, name)
  write.csv(do.call(rbind, rows), file.path(given[2], name), row.names = FALSE, quote = FALSE)
save(lapply(cases, shares_of), "random_shares.csv")
save(lapply(cases, fits_of), "random_fits.csv")
