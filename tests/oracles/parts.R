# Weights of tasks spread over cognitive levels and parts of an exam: iterative proportional fitting
# with structural zeros, by stats::loglin. Run: Rscript tests/oracles/parts.R > tests/oracles/parts.json
weights <- c(0.30, 0.22, 0.18, 0.16, 0.14)
levels <- c(0.30, 0.50, 0.20)
parts <- c(0.65, 0.20, 0.15)
# The written part examines everything; the oral one T2 to T5 and the practical one T3 and T5, both
# at the last two levels only.
examines <- rbind(c(1, 0, 0), c(1, 1, 0), c(1, 1, 1), c(1, 1, 0), c(1, 1, 1))
at <- rbind(c(1, 0, 0), c(1, 1, 1), c(1, 1, 1))
wanted <- outer(outer(weights, levels), parts)
start <- array(0, dim(wanted))
for (t in 1:5) for (l in 1:3) for (p in 1:3)
  start[t, l, p] <- wanted[t, l, p] * examines[t, p] * at[l, p]
fit <- loglin(wanted, list(1, 2, 3), start = start, fit = TRUE, eps = 1e-13, iter = 10000,
              print = FALSE)$fit
cat('{"source": "stats::loglin, R ', as.character(getRversion()), '; Deming and Stephan (1940)",\n',
    sep = "")
cat(' "weights": [', paste(weights, collapse = ", "), '],\n', sep = "")
cat(' "levels": [', paste(levels, collapse = ", "), '],\n', sep = "")
cat(' "parts": [', paste(parts, collapse = ", "), '],\n', sep = "")
cat(' "fit": [', paste(sprintf("%.12f", aperm(fit, c(3, 2, 1))), collapse = ", "), ']}\n', sep = "")
