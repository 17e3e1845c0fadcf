# Strata, a finite population and weights by R's svydesign, on answers.csv: shares, a domain, the
# change between editions, a net promoter score. Usage: Rscript strata.R FOLDER
# Organizations are in three strata by their number; weights are equal or the column "weight".
suppressMessages(library(survey))
options(digits = 15)
folder <- commandArgs(trailingOnly = TRUE)[1]
source(file.path(folder, "freedom.R"))
data <- read.csv(file.path(folder, "answers.csv"), check.names = FALSE, na.strings = "",
                 colClasses = c(edition = "character", score = "numeric"))
data$one <- 1
data$stratum <- c("a", "b", "c")[as.integer(substring(data$organization, 2)) %% 3 + 1]
data$population <- c(a = 30, b = 50, c = 200)[data$stratum]
data$all <- 100
data$nps <- 100 * ((data$score >= 9) - (data$score <= 6))
num <- function(x) sprintf("%.12g", as.numeric(x))

rows <- list()
for (weight in c("one", "weight")) for (finite in c(FALSE, TRUE)) for (strata in c(FALSE, TRUE)) {
  if (!finite && !strata) next
  make <- function(rows) svydesign(
    ids = ~organization, strata = if (strata) ~stratum, weights = as.formula(paste0("~", weight)),
    fpc = if (finite) { if (strata) ~population else ~all }, data = rows)
  whole <- make(data)
  levels <- if (strata) 3 else 1
  df_of <- function(own) max(freedom_of(own, "organization") + 1 - levels, 1)
  add <- function(what, answer, edition, value, se, low = NA, high = NA)
    rows[[length(rows) + 1]] <<- data.frame(
      weight = weight, finite = finite, strata = strata, what = what, answer = answer,
      edition = edition, value = num(value), se = num(se), low = num(low), high = num(high))
  for (answer in c("Production", "Testing", "Proof of concept")) {
    known <- subset(update(whole, y = as.numeric(stage == answer)), !is.na(y))
    for (year in c("", "2017", "2018", "2019")) {
      own <- if (year == "") known else subset(known, edition == year)
      mean <- svymean(~y, own)
      ci <- attr(svyciprop(~y, own, method = "xlogit", df = df_of(own)), "ci")
      add("share", answer, year, coef(mean), SE(mean), ci[1], ci[2])
    }
    means <- svyby(~y, ~edition, known, svymean, covmat = TRUE)
    sum <- svycontrast(means, c(0.5, 0.5, -1))
    df <- df_of(known)
    add("contrast", answer, "", coef(sum), SE(sum), coef(sum) - qt(0.975, df) * SE(sum),
        coef(sum) + qt(0.975, df) * SE(sum))
    # A comparison is of the two editions alone.
    two <- make(data[data$edition %in% c("2018", "2019"), ])
    two <- subset(update(two, y = as.numeric(stage == answer)), !is.na(y))
    change <- svycontrast(svyby(~y, ~edition, two, svymean, covmat = TRUE), c(-1, 1))
    add("change", answer, "", coef(change), SE(change))
  }
  for (year in c("2017", "2018", "2019")) {
    score <- svymean(~nps, subset(whole, edition == year))
    number <- svymean(~score, subset(whole, edition == year))
    add("mean", "", year, coef(number), SE(number))
    add("nps", "", year, coef(score), SE(score))
  }
}
write.csv(do.call(rbind, rows), file.path(folder, "strata.csv"), row.names = FALSE, quote = FALSE)
