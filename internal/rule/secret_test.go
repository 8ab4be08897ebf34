package rule

import (
	"math"
	"testing"
)

func TestEntropyCountsThePasswordsThatCanBe(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kinds          []int
		spaces, length int
		each           bool
	}{
		"one kind":                       {[]int{4}, 0, 3, true},
		"two kinds, each must occur":     {[]int{2, 1}, 0, 2, true},
		"two kinds, each may occur":      {[]int{2, 1}, 0, 2, false},
		"three kinds, each must occur":   {[]int{1, 2, 1}, 0, 4, true},
		"a space, which needn't occur":   {[]int{2, 1}, 1, 3, true},
		"just enough room for each kind": {[]int{1, 1, 1}, 1, 3, true},
	} {
		got, err := entropy(tc.kinds, tc.spaces, tc.length, tc.each)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if want := math.Log2(float64(passwords(tc.kinds, tc.spaces, tc.length, tc.each))); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v bits, want %v", name, got, want)
		}
	}
}

// passwords counts by writing every password out.
func passwords(kinds []int, spaces, length int, each bool) int {
	var kindOf []int // of each character; the space is of none
	for kind, n := range kinds {
		for range n {
			kindOf = append(kindOf, kind)
		}
	}
	for range spaces {
		kindOf = append(kindOf, -1)
	}
	var write func(left int, seen map[int]int) int
	write = func(left int, seen map[int]int) int {
		if left == 0 {
			for kind := range kinds {
				if each && seen[kind] == 0 {
					return 0
				}
			}
			return 1
		}
		n := 0
		for _, kind := range kindOf {
			seen[kind]++
			n += write(left-1, seen)
			seen[kind]--
		}
		return n
	}
	return write(length, map[int]int{})
}

func TestNoPasswordLeftIsSaid(t *testing.T) {
	t.Parallel()
	if _, err := entropy(nil, 0, 32, true); err == nil {
		t.Error("no characters and no error")
	}
}
