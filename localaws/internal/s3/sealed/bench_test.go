package sealed

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

func BenchmarkSeal(b *testing.B) {
	store, err := NewStore(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	keys := [][]byte{RandomBytes(32)}
	for _, size := range []int{1 << 10, 1 << 20, 4<<20 - 4<<10, 16 << 20} {
		text := make([]byte, size)
		b.Run(fmt.Sprintf("seal %d", size), func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				body, err := store.Seal(bytes.NewReader(text), keys)
				if err != nil {
					b.Fatal(err)
				}
				body.Release()
			}
		})
		b.Run(fmt.Sprintf("read %d", size), func(b *testing.B) {
			body, err := store.Seal(bytes.NewReader(text), keys)
			if err != nil {
				b.Fatal(err)
			}
			defer body.Release()
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if err := body.WriteRange(io.Discard, keys, 0, body.Size()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
