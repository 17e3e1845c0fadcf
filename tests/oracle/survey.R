# The reference: R's package 'survey' (Lumley 2010) over answers.csv.
# Usage: Rscript survey.R <folder>; reads answers.csv, writes the other CSV files beside it.
suppressMessages(library(survey))
options(digits = 15, warn = 1)
folder <- commandArgs(trailingOnly = TRUE)[1]
source(file.path(folder, "freedom.R"))
data <- read.csv(file.path(folder, "answers.csv"), check.names = FALSE, na.strings = "",
                 colClasses = c(edition = "character", score = "numeric"))
data$one <- 1
data$unit <- seq_len(nrow(data))
data$year <- as.numeric(data$edition)
stages <- c("Production", "Testing", "Proof of concept")
sizes <- c("1 to 9", "10 to 99", "100 or more")
tools <- c("Ansible", "Puppet", "Kolla", "Juju", "None of these")
concepts <- list(stage = stages, size = sizes, tools = tools)

indicator <- function(concept, answer) {
  if (concept == "tools") as.numeric(data[[paste0("tool_", answer)]])
  else as.numeric(data[[concept]] == answer)
}
design <- function(cluster, weight, rows = data) {
  svydesign(ids = as.formula(paste0("~", cluster)), weights = as.formula(paste0("~", weight)),
            data = rows)
}
write <- function(rows, name) {
  write.csv(do.call(rbind, rows), file.path(folder, name), row.names = FALSE, quote = TRUE)
}
num <- function(x) sprintf("%.12g", as.numeric(x))

# Shares, standard errors and intervals: question kinds x groups x weights x clusters
shares <- list()
groups <- list(list(by = "", values = ""), list(by = "edition", values = unique(data$edition)),
               list(by = "stage", values = stages), list(by = "tools", values = tools))
for (cluster in c("organization", "unit")) for (weight in c("one", "weight"))
  for (concept in names(concepts)) for (answer in concepts[[concept]]) for (group in groups)
    for (value in group$values) {
      if (group$by == concept) next
      data$y <- indicator(concept, answer)
      inside <- !is.na(data$y)
      if (group$by == "tools") inside <- inside & data[[paste0("tool_", value)]] %in% 1
      else if (group$by != "") inside <- inside & data[[group$by]] %in% value
      row <- list(cluster = cluster, weight = weight, concept = concept, answer = answer,
                  by = group$by, group = value, base = sum(inside))
      if (any(inside)) {
        own <- subset(design(cluster, weight), inside)
        mean <- svymean(~y, own)
        row <- c(row, list(count = sum(data$y[inside]), value = num(coef(mean)),
                           se = num(SE(mean)), df = degf(own),
                           freedom = num(freedom_of(own, cluster))))
        for (method in c("logit", "xlogit", "beta")) for (level in c(0.9, 0.95)) {
          ci <- tryCatch(suppressWarnings(attr(svyciprop(~y, own, method = method, level = level,
                                                       df = freedom_of(own, cluster)),
                                               "ci")), error = function(e) c(NA, NA))
          row[[paste(method, "low", 100 * level, sep = "_")]] <- num(ci[1])
          row[[paste(method, "high", 100 * level, sep = "_")]] <- num(ci[2])
        }
      } else {
        row <- c(row, list(count = 0, value = NA, se = NA, df = NA, freedom = NA))
        for (method in c("logit", "xlogit", "beta")) for (level in c(90, 95)) {
          row[[paste(method, "low", level, sep = "_")]] <- NA
          row[[paste(method, "high", level, sep = "_")]] <- NA
        }
      }
      shares[[length(shares) + 1]] <- as.data.frame(row)
    }
write(shares, "shares.csv")

# Differences between editions in which the same organizations answered, and linear trends
changes <- list(); trends <- list()
for (weight in c("one", "weight")) for (concept in names(concepts))
  for (answer in concepts[[concept]]) {
    data$y <- indicator(concept, answer)
    two <- data[data$edition %in% c("2018", "2019"), ]
    known <- subset(design("organization", weight, two), !is.na(y))
    both <- svyby(~y, ~edition, known, svymean, covmat = TRUE)
    change <- svycontrast(both, c(-1, 1))
    changes[[length(changes) + 1]] <- data.frame(
      weight = weight, concept = concept, answer = answer, earlier = num(coef(both)[1]),
      later = num(coef(both)[2]), value = num(coef(change)), se = num(SE(change)))
    if (sd(data$y, na.rm = TRUE) == 0) next
    line <- svyglm(y ~ year, subset(design("organization", weight), !is.na(y)))
    found <- summary(line)$coefficients["year", ]
    inside <- !is.na(data$y)
    df <- max(freedom(data[[weight]][inside], data$organization[inside]) - 1, 1)
    limits <- confint(line, ddf = df)["year", ]
    trends[[length(trends) + 1]] <- data.frame(
      weight = weight, concept = concept, answer = answer, slope = num(found[1]),
      se = num(found[2]), df = num(df), low = num(limits[1]), high = num(limits[2]))
  }
write(changes, "changes.csv")
write(trends, "trends.csv")

# Rao-Scott tests of second order, on the rows that answered both questions
tests <- list()
for (weight in c("one", "weight")) for (pair in list(c("edition", "stage"), c("edition", "size"),
                                                     c("stage", "size"))) {
  rows <- data[!is.na(data[[pair[1]]]) & !is.na(data[[pair[2]]]), ]
  if (pair[1] == "edition") rows <- rows[rows$edition %in% c("2018", "2019"), ]
  found <- svychisq(as.formula(paste("~", pair[1], "+", pair[2])),
                    design("organization", weight, rows), statistic = "F")
  tests[[length(tests) + 1]] <- data.frame(
    weight = weight, rows = pair[1], columns = pair[2], statistic = num(found$statistic),
    df1 = num(found$parameter[1]), df2 = num(found$parameter[2]), p = num(found$p.value))
}
write(tests, "tests.csv")

# Net promoter score
scores <- list()
data$nps <- 100 * ((data$score >= 9) - (data$score <= 6))
for (weight in c("one", "weight")) {
  found <- svyby(~nps, ~edition, design("organization", weight), svymean)
  scores[[length(scores) + 1]] <- data.frame(
    weight = weight, edition = found$edition, value = num(found$nps), se = num(found$se))
}
write(scores, "scores.csv")

# Raking and post-stratification, on the rows that answered both questions
rows <- data[!is.na(data$stage) & !is.na(data$size), ]
plain <- svydesign(ids = ~1, weights = ~one, data = rows)
n <- nrow(rows)
by_stage <- data.frame(stage = stages, Freq = n * c(0.5, 0.3, 0.2))
by_size <- data.frame(size = sizes, Freq = n * c(0.6, 0.3, 0.1))
raked <- rake(plain, list(~stage, ~size), list(by_stage, by_size),
              control = list(maxit = 200, epsilon = 1e-9))
post <- postStratify(plain, ~stage, by_stage)
write(list(data.frame(unit = rows$unit, rake = num(weights(raked)), post = num(weights(post)))),
      "weights.csv")

# Further kinds of questions, crossed groups, and raked weights: matrix cells (whoever filled in
# any row is in the base), ranked items, single and multiple answers by two questions at once.
projects <- c("Nova", "Neutron", "Cinder"); levels <- c("Production", "Testing", "Interested")
drivers <- c("Save money", "Innovate", "Avoid lock-in", "Other")
# A unit that answered no part of a question is not in its base.
filled <- rowSums(!is.na(data[paste0("project_", projects)])) > 0
ranked <- rowSums(!is.na(data[paste0("rank_", drivers)])) > 0
data$raked <- NA_real_
data$raked[rows$unit] <- as.numeric(weights(raked)) / mean(weights(raked))
answer_of <- function(concept, answer) {
  if (concept == "projects") {
    part <- strsplit(answer, " / ")[[1]]
    given <- data[[paste0("project_", part[1])]] %in% part[2]
    ifelse(filled, as.numeric(given), NA)
  } else if (concept == "drivers") {
    ifelse(ranked, as.numeric(!is.na(data[[paste0("rank_", answer)]])), NA)
  } else indicator(concept, answer)
}
inside_of <- function(by, value) {
  if (by == "") return(rep(TRUE, nrow(data)))
  names <- strsplit(by, " x ")[[1]]; wanted <- strsplit(value, " x ")[[1]]
  Reduce(`&`, Map(function(name, want) if (name == "tools") data[[paste0("tool_", want)]] %in% 1
    else if (name == "drivers") !is.na(data[[paste0("rank_", want)]])
    else data[[name]] %in% want, names, wanted))
}
crossed <- function(a, b) as.vector(t(outer(a, b, paste, sep = " x ")))
answers_of <- c(concepts, list(projects = as.vector(t(outer(projects, levels, paste, sep = " / "))),
                               drivers = drivers))
plan <- list(
  list(concepts = c("projects", "drivers"), by = "", values = ""),
  list(concepts = c("projects", "drivers"), by = "edition", values = unique(data$edition)),
  list(concepts = "projects", by = "stage", values = stages),
  list(concepts = "projects", by = "tools", values = tools),
  list(concepts = c("stage", "tools", "projects", "drivers"), by = "edition x size",
       values = crossed(unique(data$edition), sizes)),
  list(concepts = "size", by = "stage x tools", values = crossed(stages, tools)),
  list(concepts = c("stage", "tools"), by = "edition x drivers",
       values = crossed(unique(data$edition), drivers)),
  list(concepts = "tools", by = "edition x stage x size",
       values = crossed(crossed(unique(data$edition), stages), sizes)),
  list(concepts = names(concepts), by = "edition x tools", values = crossed(unique(data$edition), tools)))
cells <- list()
for (cluster in c("organization", "unit")) for (weight in c("one", "weight", "raked"))
  for (part in plan) for (concept in part$concepts) {
    if (cluster == "unit" && weight != "one") next
    # People have no stage or size, hence no such groups and no such weights.
    if (concept == "drivers" && (part$by == "edition x size" || weight == "raked")) next
    for (answer in answers_of[[concept]]) for (value in part$values) {
      kept <- if (weight == "raked") !is.na(data$raked) else rep(TRUE, nrow(data))
      data$y <- answer_of(concept, answer)
      inside <- inside_of(part$by, value) & !is.na(data$y) & kept
      row <- list(cluster = cluster, weight = weight, concept = concept, answer = answer,
                  by = part$by, group = value, base = sum(inside), count = sum(data$y[inside]),
                  value = NA, se = NA, low = NA, high = NA, clusters = length(unique(data[[cluster]][inside])))
      if (any(inside)) {
        # A group is a domain of the whole sample: rows outside the base keep the clusters.
        own <- svydesign(ids = as.formula(paste0("~", cluster)), data = data[kept, ],
                         weights = as.formula(paste0("~", weight)))
        own <- subset(own, inside[kept])
        mean <- svymean(~y, own)
        row$value <- num(coef(mean)); row$se <- num(SE(mean))
        if (coef(mean) > 0 && coef(mean) < 1 && row$clusters > 1) {
          ci <- attr(svyciprop(~y, own, method = "xlogit", df = freedom_of(own, cluster)), "ci")
          row$low <- num(ci[1]); row$high <- num(ci[2])
        }
      }
      cells[[length(cells) + 1]] <- as.data.frame(row)
    }
  }
write.csv(do.call(rbind, cells), file.path(folder, "cells.csv"), row.names = FALSE, quote = FALSE)

# Mean rank among those who ranked an item, and the share of all who ranked that put it first
ranks <- list()
for (weight in c("one", "weight")) for (edition in c("", unique(data$edition))) for (item in drivers) {
  inside <- ranked & (edition == "" | data$edition == edition)
  data$rank <- as.numeric(data[[paste0("rank_", item)]])
  data$first <- as.numeric(data$rank %in% 1)
  whole <- design("organization", weight)
  given <- inside & !is.na(data$rank)
  ranks[[length(ranks) + 1]] <- data.frame(
    weight = weight, edition = edition, item = item,
    mean_rank = if (any(given)) num(coef(svymean(~rank, subset(whole, given)))) else NA,
    first = num(coef(svymean(~first, subset(whole, inside)))))
}
write(ranks, "ranks.csv")

# Scores of two editions: their difference, and its standard error with overlapping clusters
differences <- list()
for (weight in c("one", "weight")) {
  two <- data[data$edition %in% c("2018", "2019"), ]
  both <- svyby(~nps, ~edition, design("organization", weight, two), svymean, covmat = TRUE)
  change <- svycontrast(both, c(-1, 1))
  differences[[length(differences) + 1]] <- data.frame(
    weight = weight, earlier = num(coef(both)[1]), later = num(coef(both)[2]),
    value = num(coef(change)), se = num(SE(change)), correlation = num(cov2cor(vcov(both))[1, 2]))
}
write(differences, "score_changes.csv")
