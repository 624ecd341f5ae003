# Reference values for survey weights and weighted estimates: R's survey package.
# Run: Rscript survey_weights.R > survey_weights.json   (needs survey, jsonlite)
# Tests read only the output kept beside this file. Weights are scaled to average 1.
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})

set.seed(20260504)
n <- 120
people <- data.frame(
  setting = sample(c("Community", "Hospital", "Other"), n, TRUE, c(.5, .35, .15)),
  region = sample(c("North", "South"), n, TRUE, c(.7, .3)),
  years = sample(c("0-4", "5-9", "10+", NA), n, TRUE, c(.4, .3, .2, .1)),
  rating = sample(1:5, n, TRUE, c(.05, .1, .25, .35, .25))
)
people$rating[people$setting == "Hospital"] <- pmax(people$rating[people$setting == "Hospital"] - 1, 1)
people$rating[sample(n, 15)] <- NA
margins <- list(
  setting = c(Community = .62, Hospital = .28, Other = .10),
  region = c(North = .45, South = .55),
  years = c("0-4" = .3, "5-9" = .3, "10+" = .4)
)

# Those without an answer are a category that keeps its share.
silent <- is.na(people$years)
filled <- transform(people, years = ifelse(silent, "no answer", years))
targets <- lapply(names(margins), function(name) {
  share <- margins[[name]]
  if (name == "years") share <- c(share * mean(!silent), "no answer" = mean(silent))
  setNames(data.frame(names(share), Freq = n * as.numeric(share)), c(name, "Freq"))
})
names(targets) <- names(margins)

design <- svydesign(ids = ~1, weights = rep(1, n), data = filled)
raked <- rake(design, list(~setting, ~region, ~years), targets,
  control = list(maxit = 1000, epsilon = 1e-12)
)
stratified <- postStratify(design, ~setting, targets$setting)

estimate <- function(weights) {
  answered <- !is.na(people$rating)
  fixed <- svydesign(ids = ~1, weights = weights[answered], data = people[answered, ])
  mean_of <- svymean(~rating, fixed)
  performing <- svymean(~ I(as.numeric(rating >= 3)), fixed)
  list(
    mean = as.numeric(coef(mean_of)), se = as.numeric(SE(mean_of)),
    variance = as.numeric(coef(svyvar(~rating, fixed))),
    share = as.numeric(coef(performing)),
    n_eff = sum(weights[answered])^2 / sum(weights[answered]^2)
  )
}

described <- function(object) {
  weights <- as.numeric(weights(object))
  weights <- weights / mean(weights)
  list(weights = weights, n_eff = sum(weights)^2 / sum(weights^2), estimate = estimate(weights))
}

# Delete one respondent, rake again: the jackknife of a raked mean.
jackknife <- sapply(seq_len(n), function(left) {
  data <- filled[-left, ]
  one <- svydesign(ids = ~1, weights = rep(1, n - 1), data = data)
  known <- targets
  known$years$Freq <- c(margins$years * mean(data$years != "no answer"), mean(data$years == "no answer")) * n
  again <- rake(one, list(~setting, ~region, ~years), known, control = list(maxit = 1000, epsilon = 1e-12))
  weighted.mean(data$rating, weights(again), na.rm = TRUE)
})

cat(toJSON(
  list(
    versions = list(R = as.character(getRversion()), survey = as.character(packageVersion("survey"))),
    people = people, margins = lapply(margins, as.list),
    raked = described(raked), post_stratified = described(stratified),
    jackknife_se = sqrt((n - 1) / n * sum((jackknife - mean(jackknife))^2))
  ),
  digits = NA, na = "null", auto_unbox = TRUE, dataframe = "columns"
), "\n")
