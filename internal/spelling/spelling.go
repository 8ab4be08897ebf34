// Package spelling compares words, to tell what a misspelt one stands for.
package spelling

import (
	"slices"
	"strconv"
	"strings"
)

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

// Nearest lists the three of the known words that a misspelt one most probably
// stands for, the likeliest first: "a", "b" or "c". Words that begin or end with
// it, or hold it, come before those that merely resemble it.
func Nearest(word string, known []string) string {
	const most = 3
	word = strings.ToLower(word)
	rank := func(k string) int {
		if k = strings.ToLower(k); strings.Contains(k, word) {
			return len(k) - len(word) - 1000
		}
		return Distance(word, k)
	}
	list := slices.Compact(slices.Sorted(slices.Values(known)))
	slices.SortStableFunc(list, func(a, b string) int { return rank(a) - rank(b) })
	list = list[:min(most, len(list))]
	for i, k := range list {
		list[i] = strconv.Quote(k)
	}
	switch n := len(list); n {
	case 0:
		return ""
	case 1:
		return list[0]
	default:
		return strings.Join(list[:n-1], ", ") + " or " + list[n-1]
	}
}
