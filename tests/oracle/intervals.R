# Regression on intervals by R's survival::survreg; run as: Rscript intervals.R FOLDER
#
# Coefficients, scale and the variance without clusters are survreg's. The variance with clusters
# is computed here from numerical scores: residuals() of survreg departs from the derivatives of
# its own likelihood by one part in a thousand for intervals (not for exact numbers, where both
# agree without weights: survreg's own is written as se_robust.)
suppressMessages(library(survival))
folder <- commandArgs(trailingOnly = TRUE)[1]
all <- read.csv(file.path(folder, "intervals.csv"))
all$low[all$low == 0] <- NA
all$reach[is.infinite(all$reach)] <- NA
all$kind <- factor(all$kind)

scores <- function(fit, data) {
  x <- model.matrix(~ x + kind, data)
  theta <- c(coef(fit), log(fit$scale))
  value <- function(t) {
    mean <- x %*% t[1:4]
    scale <- exp(t[5])
    a <- ifelse(is.na(data$low), -Inf, (log(data$low) - mean) / scale)
    b <- ifelse(is.na(data$reach), Inf, (log(data$reach) - mean) / scale)
    exact <- !is.na(data$low) & !is.na(data$reach) & data$low == data$reach
    band <- log(ifelse(a > 0, pnorm(-a) - pnorm(-b), pnorm(b) - pnorm(a)))
    ifelse(exact, dnorm(a, log = TRUE) - t[5], band)
  }
  sapply(1:5, function(j) {
    step <- replace(rep(0, 5), j, 1e-5)
    (value(theta + step) - value(theta - step)) / 2e-5
  })
}

rows <- lapply(unique(all$case), function(name) {
  d <- all[all$case == name, ]
  control <- survreg.control(rel.tolerance = 1e-14, maxiter = 100)
  fit <- survreg(Surv(low, reach, type = "interval2") ~ x + kind, d,
                 weights = weight, dist = "lognormal", control = control)
  sums <- rowsum(scores(fit, d) * d$weight, d$cluster)
  clusters <- nrow(sums)
  factor <- clusters / (clusters - 1)
  own <- factor * fit$var %*% crossprod(sums) %*% fit$var
  robust <- survreg(Surv(low, reach, type = "interval2") ~ x + kind, d, weights = weight,
                    dist = "lognormal", control = control, robust = TRUE, cluster = cluster)
  data.frame(case = name, parameter = c("intercept", "x", "kind1", "kind2", "log_scale"),
             estimate = c(coef(fit), log(fit$scale)), se_alone = sqrt(diag(fit$var)),
             se = sqrt(diag(own)), se_robust = sqrt(diag(robust$var) * factor))
})
out <- do.call(rbind, rows)
numbers <- sapply(out, is.numeric)
out[numbers] <- lapply(out[numbers], function(v) trimws(formatC(v, digits = 12, format = "g")))
write.csv(out, file.path(folder, "intervals_fits.csv"), row.names = FALSE, quote = FALSE)
