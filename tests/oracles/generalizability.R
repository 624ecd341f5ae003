# Reference values for variance components with tasks nested in domains, for intraclass
# correlations with gaps, and for agreement.
# Run: Rscript generalizability.R > generalizability_R.json   (needs lme4, jsonlite, multilevel)
# Respondents stand in rows, tasks in columns. Tests read only the output kept beside this file.
suppressPackageStartupMessages({
  library(lme4)
  library(jsonlite)
  library(multilevel)
})

simulated <- function(respondents, domain) {
  tasks <- length(domain)
  domains <- max(domain)
  level <- rnorm(domains, sd = .5)[domain] + rnorm(tasks, sd = .5)
  within <- matrix(rnorm(respondents * domains, sd = .5), respondents)[, domain]
  noise <- matrix(rnorm(respondents * tasks, sd = .8), respondents)
  ratings <- outer(rnorm(respondents, sd = .5), 3 + level, "+") + within + noise
  pmin(pmax(round(ratings), 1), 5)
}

with_gaps <- function(ratings, share) {
  ratings[runif(length(ratings)) < share] <- NA
  ratings
}

components <- function(ratings, domain) {
  long <- data.frame(
    rating = c(ratings), respondent = factor(c(row(ratings))), task = factor(c(col(ratings))),
    domain = factor(domain[c(col(ratings))])
  )
  tight <- lmerControl(
    optimizer = "bobyqa", optCtrl = list(rhobeg = .1, rhoend = 1e-11, maxfun = 1e5),
    check.conv.singular = "ignore"
  )
  fit <- lmer(
    rating ~ 1 + (1 | respondent) + (1 | domain) + (1 | domain:task) + (1 | respondent:domain),
    na.omit(long), REML = TRUE, control = tight
  )
  found <- as.data.frame(VarCorr(fit))
  parts <- setNames(as.list(found$vcov), found$grp)
  list(
    respondent = parts$respondent, domain = parts$domain, task = parts[["domain:task"]],
    respondent_domain = parts[["respondent:domain"]], residual = parts$Residual,
    deviance = as.numeric(REMLcrit(fit))
  )
}

set.seed(20260302)
even <- rep(1:4, each = 5)
uneven <- rep(1:5, c(2, 3, 4, 6, 9))
forms_domain <- rep(1:4, c(4, 5, 6, 3))
forms <- with_gaps(simulated(80, forms_domain), .03)
# Split forms: each half skips one task in three of every domain; the rest are anchors.
forms[1:40, seq(1, 18, by = 3)] <- NA
forms[41:80, seq(2, 18, by = 3)] <- NA
tables <- list(
  balanced = list(ratings = simulated(40, even), domain = even),
  unequal_domains = list(ratings = simulated(50, uneven), domain = uneven),
  scattered_gaps = list(ratings = with_gaps(simulated(60, uneven), .12), domain = uneven),
  split_forms = list(ratings = forms, domain = forms_domain),
  no_domain_effect = list(
    ratings = with_gaps(matrix(sample(1:5, 30 * 12, replace = TRUE), 30), .1),
    domain = rep(1:3, each = 4)
  )
)
nested <- lapply(tables, function(table) c(table, list(reml = components(table$ratings, table$domain))))

agreed <- c(4, 4, 5, 4, 3, 5, 4, 2, 4, 5)
one_group <- rep(1, length(agreed))
agreement <- list(
  ratings = agreed,
  r_wg = rwg(agreed, one_group, ranvar = (5^2 - 1) / 12)$rwg,
  AD_M = ad.m(agreed, one_group, type = "mean")$AD.M,
  AD_Md = ad.m(agreed, one_group, type = "median")$AD.M
)

cat(toJSON(
  list(
    versions = list(
      R = as.character(getRversion()), lme4 = as.character(packageVersion("lme4")),
      multilevel = as.character(packageVersion("multilevel"))
    ),
    nested = nested,
    agreement = agreement
  ),
  digits = NA, na = "null", auto_unbox = TRUE, pretty = FALSE
), "\n")
