// Package spelling compares words, to tell what a misspelt one stands for.
package spelling

// Distance is the Levenshtein distance of a and b, in bytes: how many one has
// to add, remove or change to make b of a. It takes time by the product of their
// lengths.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
