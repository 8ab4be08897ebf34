package api

import "strconv"

// Page cuts a list to at most size items, from where a token says; size 0: to
// the end. next is the token of the page after it, "" at the end. It is the
// index of an item; one that is none is not ok.
func Page[T any](items []T, size int, token string) (page []T, next string, ok bool) {
	start := 0
	if token != "" {
		var err error
		if start, err = strconv.Atoi(token); err != nil || start < 0 || start > len(items) {
			return nil, "", false
		}
	}
	items = items[start:]
	if size > 0 && size < len(items) {
		return items[:size], strconv.Itoa(start + size), true
	}
	return items, "", true
}
