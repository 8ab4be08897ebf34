package object

import (
	"fmt"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/encryption"
)

// The server is in the same process, so these count its work too.
func BenchmarkPut(b *testing.B) { benchmark(b, func(f *functions) *Handler { return f.put }, putOf) }
func BenchmarkGet(b *testing.B) { benchmark(b, func(f *functions) *Handler { return f.get }, getOf) }

func putOf(size int) string { return `{"body":"` + strings.Repeat("a", size) + `"}` }
func getOf(int) string      { return `{}` }

func benchmark(b *testing.B, function func(*functions) *Handler, event func(size int) string) {
	for _, pattern := range []encryption.Pattern{encryption.SSES3, encryption.SSEC} {
		for _, size := range []int{1 << 10, 1 << 20} {
			b.Run(fmt.Sprintf("%s/%dKiB", pattern, size>>10), func(b *testing.B) {
				f := start(b, pattern)
				f.mustCall(b, f.put, putOf(size))
				h, payload := function(f), []byte(event(size))
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := h.Invoke(b.Context(), payload); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// An object of an older key costs one GetObjectTagging more.
func BenchmarkGetUnderAnOlderKey(b *testing.B) {
	f := start(b, encryption.SSEC)
	f.mustCall(b, f.put, putOf(1<<10))
	f.setSecret(b, ringOf("k1="+hex1, "k0="+hex0))
	for b.Loop() {
		if _, err := f.get.Invoke(b.Context(), []byte(`{}`)); err != nil {
			b.Fatal(err)
		}
	}
}
