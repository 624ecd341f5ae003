# Reference values for variance components, intraclass correlations and Cronbach's alpha.
# Run: Rscript reliability.R > reliability_R.json   (needs lme4, psych, jsonlite)
# Respondents stand in rows, tasks in columns. Tests read only the output kept beside this file.
suppressPackageStartupMessages({
  library(lme4)
  library(psych)
  library(jsonlite)
})

judges <- t(matrix(c(
  9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7
), ncol = 4, byrow = TRUE))

persons <- matrix(c(
  4, 5, 3, 3, 5, 4, 5, 7, 2, 1, 2, 3, 1, 4, 4, 6, 2, 4, 4, 7, 6, 5, 8, 7, 1, 3, 5, 4, 5, 5, 4, 5,
  3, 3, 6, 7, 5, 7, 8, 9, 1, 2, 5, 6, 4, 4, 5, 6, 3, 5, 6, 8, 6, 7, 7, 8, 0, 1, 1, 2, 0, 4, 7, 8
), ncol = 8, byrow = TRUE)

anxiety <- t(matrix(c(
  3, 3, 2, 3, 6, 1, 3, 4, 4, 4, 6, 4, 5, 2, 3, 5, 4, 2, 2, 2, 1, 3, 4, 6, 5, 3, 1, 2, 3, 1,
  2, 2, 1, 6, 3, 2, 1, 3, 3, 5, 3, 3, 2, 2, 1, 2, 2, 1, 1, 1, 3, 2, 3, 3, 4, 3, 2, 3, 4, 2
), ncol = 3, byrow = TRUE))

simulated <- function(respondents, tasks) {
  ratings <- outer(rnorm(respondents, sd = .6), 3 + rnorm(tasks, sd = .7), "+")
  noise <- matrix(rnorm(respondents * tasks), respondents)
  pmin(pmax(round(ratings + noise), 1), 5)
}

with_gaps <- function(ratings, share) {
  ratings[runif(length(ratings)) < share] <- NA
  ratings
}

set.seed(20260301)
survey <- simulated(40, 12)
scattered <- with_gaps(survey, .1)
forms <- with_gaps(simulated(60, 18), .05)
forms[1:30, 1:6] <- NA
forms[31:60, 13:18] <- NA
alike <- with_gaps(matrix(sample(1:5, 120, replace = TRUE), 15), .2)

components <- function(ratings) {
  long <- data.frame(
    rating = c(ratings), respondent = factor(c(row(ratings))), task = factor(c(col(ratings)))
  )
  tight <- lmerControl(
    optimizer = "bobyqa", optCtrl = list(rhobeg = .1, rhoend = 1e-11, maxfun = 1e5),
    check.conv.singular = "ignore"
  )
  fit <- lmer(
    rating ~ 1 + (1 | respondent) + (1 | task), na.omit(long), REML = TRUE, control = tight
  )
  found <- as.data.frame(VarCorr(fit))
  setNames(as.list(found$vcov), found$grp)[c("respondent", "task", "Residual")]
}

alphas <- function(ratings) {
  found <- suppressWarnings(psych::alpha(ratings, check.keys = FALSE, warnings = FALSE))
  limits <- alpha.ci(found$total$raw_alpha, n.obs = nrow(ratings), n.var = ncol(ratings))
  list(value = found$total$raw_alpha, ci_low = limits$lower.ci, ci_high = limits$upper.ci)
}

correlations <- function(ratings) {
  found <- ICC(t(ratings), lmer = FALSE)$results
  data.frame(
    name = c("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"), value = found$ICC,
    ci_low = found$`lower bound`, ci_high = found$`upper bound`
  )
}

complete <- list(judges = judges, persons = persons, anxiety = anxiety, survey = survey)
judges_with_gaps <- judges
judges_with_gaps[cbind(c(1, 3, 4), c(2, 5, 6))] <- NA
gaps <- list(
  judges_with_gaps = judges_with_gaps, scattered = scattered, split_forms = forms, alike = alike
)

described <- function(ratings, complete) {
  result <- list(ratings = ratings, reml = components(ratings))
  if (complete) {
    result$alpha_respondents <- alphas(ratings)
    result$alpha_tasks <- alphas(t(ratings))
    result$icc <- correlations(ratings)
  }
  result
}

cat(toJSON(
  list(
    versions = list(
      R = as.character(getRversion()), lme4 = as.character(packageVersion("lme4")),
      psych = as.character(packageVersion("psych"))
    ),
    complete = lapply(complete, described, TRUE),
    gaps = lapply(gaps, described, FALSE)
  ),
  digits = NA, na = "null", auto_unbox = TRUE, dataframe = "rows", pretty = FALSE
), "\n")
