# Degrees of freedom of variances between clusters of unequal size: the effective number of
# clusters (Kish 1965, section 11.7) less one, and at least 1; 0 for a single cluster.
freedom <- function(weight, cluster) {
  size <- tapply(as.numeric(weight), as.character(cluster), sum)
  if (length(size) < 2) return(0)
  max(sum(size)^2 / sum(size^2) - 1, 1)
}
freedom_of <- function(design, cluster) freedom(weights(design), design$variables[[cluster]])
