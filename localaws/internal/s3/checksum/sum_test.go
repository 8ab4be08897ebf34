package checksum

import (
	"encoding/hex"
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
		sum := Sum{Algorithm: algorithm, Value: "sum"}
		if got := ElementOf(sum).Sums(); len(got) != 1 || got[0] != sum {
			t.Errorf("of %s, the elements are %v", algorithm, got)
		}
	}
	if (ElementOf(Sum{}) != Elements{}) || len(Elements{}.Sums()) != 0 {
		t.Error("no checksum has an element")
	}
}

// TestHashes of the empty text and of "123456789", which the specifications of
// the algorithms have as check values.
func TestHashes(t *testing.T) {
	t.Parallel()
	for algorithm, want := range map[string]struct{ text, hex string }{
		"CRC32":     {"123456789", "cbf43926"},
		"CRC32C":    {"123456789", "e3069283"},
		"CRC64NVME": {"123456789", "ae8b14860a799888"},
		"SHA1":      {"", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
		"SHA256":    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		"SHA512":    {"", "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"},
		"MD5":       {"", "d41d8cd98f00b204e9800998ecf8427e"},
		"XXHASH64":  {"", "ef46db3751d8e999"},
		"XXHASH3":   {"", "2d06800538d394c2"},
		"XXHASH128": {"", "99aa06d3014798d86001c324468d497f"},
	} {
		h := New(algorithm)
		h.Write([]byte(want.text))
		if got := hex.EncodeToString(h.Sum(nil)); got != want.hex || h.Size() != len(want.hex)/2 {
			t.Errorf("%s of %q is %s, %d bytes", algorithm, want.text, got, h.Size())
		}
	}
}
