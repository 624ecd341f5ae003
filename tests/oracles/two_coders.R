# Agreement of two coders: Cohen's kappa (kappa2.table) and AC1 (gwet.ac1.raw) with standard errors.
# Run: Rscript two_coders.R > two_coders_R.json   (needs irrCAC 1.4, jsonlite)
suppressMessages({library(irrCAC); library(jsonlite)})
tables <- list(
  "published table of irrCAC" = rbind(c(13, 0, 0), c(0, 20, 7), c(0, 4, 56)),
  "twelve things" = rbind(c(5, 1), c(0, 6)),
  "one code nearly always" = rbind(c(18, 1, 0), c(1, 0, 0), c(0, 1, 1)),
  "coders who disagree" = rbind(c(1, 4, 2), c(3, 1, 3), c(2, 4, 1)))
one <- function(t) {
  q <- nrow(t)
  a <- rep(rep(1:q, each = q), as.vector(t(t)))
  b <- rep(rep(1:q, q), as.vector(t(t)))
  kappa <- kappa2.table(t)
  ac1 <- suppressWarnings(gwet.ac1.raw(cbind(a, b)))$est
  list(table = t, first = a, second = b,
       kappa = list(value = kappa$coeff.val, se = kappa$coeff.se),
       ac1 = list(value = ac1$coeff.val, se = ac1$coeff.se))
}
cat(toJSON(lapply(tables, one), auto_unbox = TRUE, digits = 10), "\n")
