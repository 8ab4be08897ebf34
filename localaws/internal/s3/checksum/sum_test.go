package checksum

import (
	"math/rand/v2"
	"testing"
)

// TestFullChecksumOfParts compares with the CRC of the whole.
func TestFullChecksumOfParts(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"CRC32", "CRC32C", "CRC64NVME"} {
		for range 50 {
			var whole []byte
			var sums []Sum
			var sizes []int64
			for range 1 + rand.N(5) {
				text := make([]byte, rand.N(70000))
				for i := range text {
					text[i] = byte(rand.N(256))
				}
				h := New(algorithm)
				h.Write(text)
				sums = append(sums, Of(algorithm, h))
				sizes = append(sizes, int64(len(text)))
				whole = append(whole, text...)
			}
			h := New(algorithm)
			h.Write(whole)
			if want, got := Of(algorithm, h), Full(algorithm, sums, sizes); got != want {
				t.Fatalf("%s of %v: %v, want %v", algorithm, sizes, got, want)
			}
		}
	}
}

func TestElementOfEachAlgorithm(t *testing.T) {
	t.Parallel()
	for algorithm := range algorithms {
		e := ElementOf(Sum{Algorithm: algorithm, Value: "sum"})
		for other := range algorithms {
			if got := e.Value(other); (got == "sum") != (other == algorithm) {
				t.Errorf("of %s, the element of %s is %q", algorithm, other, got)
			}
		}
	}
	if (ElementOf(Sum{}) != Elements{}) || (Elements{}).Value("") != "" {
		t.Error("no checksum has an element")
	}
}
