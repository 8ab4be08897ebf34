//go:build !linux

package chaos

// Without /proc, the functions' processes aren't found.
func processes(string) []int { return nil }

func kill(int) bool { return false }
