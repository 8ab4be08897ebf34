//go:build differential

package iamsimulate

// intended names the known difference that a case belongs to, or "".
func intended(c *testCase, ours, theirs string) string { return "" }
