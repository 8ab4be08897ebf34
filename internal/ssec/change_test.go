package ssec

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func ring(t *testing.T, text string) *Ring {
	t.Helper()
	r, err := ParseRing(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func hexKey(t *testing.T, digits string) Key {
	t.Helper()
	k, _ := ring(t, `{"v":1,"primary":"x","x":"`+digits+`"}`).Key("x")
	return k
}

func TestRotate(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"v":1,"primary":"k0","k0":"` + hex0 + `"}`,
		`{"v":1,"primary":"k0","parent":"v-1","k0":"` + hex0 + `"}`,
		strings.Repeat("a", KeySize), // a raw secret
	} {
		old := ring(t, text)
		oldText := old.Text()
		made, err := old.Rotate("k1", hexKey(t, hex1), "v-2")
		if err != nil {
			t.Fatal(err)
		}
		read := ring(t, made.Text())
		if id, key := read.Primary(); id != "k1" || !key.Equal(hexKey(t, hex1)) {
			t.Errorf("%q: primary %s after the rotation", text, id)
		}
		if read.Parent() != "v-2" || read.Len() != old.Len()+1 {
			t.Errorf("%q: parent %q, %d keys", text, read.Parent(), read.Len())
		}
		if err := read.Holds(old); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if err := old.Holds(read); err == nil || !strings.Contains(err.Error(), "k1") {
			t.Errorf("%q: the old ring holds the new one: %v", text, err)
		}
		if old.Text() != oldText {
			t.Errorf("%q: the old ring has changed", text)
		}
	}
}

func TestRotateRefuses(t *testing.T) {
	r := ring(t, `{"v":1,"primary":"k0","k0":"`+hex0+`"}`)
	for id, key := range map[string]Key{
		"":        hexKey(t, hex1),
		"primary": hexKey(t, hex1),
		"ü":       hexKey(t, hex1),
		"k0":      hexKey(t, hex1),
		"k1":      hexKey(t, hex0), // the key of k0
	} {
		if _, err := r.Rotate(id, key, "v"); err == nil {
			t.Errorf("%q is accepted", id)
		}
	}
}

func TestRotateUntilFull(t *testing.T) {
	r := ring(t, `{"v":1,"primary":"k0","k0":"`+hex0+`"}`)
	for n := 0; ; n++ {
		next, err := r.Rotate(NewID(time.Now()), NewRandomKey(), "01234567-89ab-cdef-0123-456789abcdef")
		if err != nil {
			var full *FullError
			if n < 600 || len(r.Text()) > MaxText || !errors.As(err, &full) || full.Size <= MaxText {
				t.Errorf("after %d rotations and %d bytes: %v", n, len(r.Text()), err)
			}
			return
		}
		r = next
	}
}

func TestRetire(t *testing.T) {
	r := ring(t, `{"v":1,"primary":"k1","k0":"`+hex0+`","k1":"`+hex1+`"}`)
	made, err := r.Retire("k0", "v-3")
	if err != nil {
		t.Fatal(err)
	}
	if ids := made.IDs(); len(ids) != 1 || ids[0] != "k1" || made.Parent() != "v-3" {
		t.Errorf("%v, parent %q", ids, made.Parent())
	}
	for _, id := range []string{"k1", "k2", ""} {
		if _, err := r.Retire(id, "v-3"); err == nil {
			t.Errorf("%q is retired", id)
		}
	}
}

func TestHoldsFindsAnotherKey(t *testing.T) {
	r := ring(t, `{"v":1,"primary":"k0","k0":"`+hex0+`"}`)
	if err := ring(t, `{"v":1,"primary":"k0","k0":"`+hex1+`"}`).Holds(r); err == nil {
		t.Error("a key that was replaced under its name is not found")
	}
}

func TestLacksComparesKeysAndNotIDs(t *testing.T) {
	old := ring(t, `{"v":1,"primary":"k1","k0":"`+hex0+`","k1":"`+hex1+`"}`)
	for text, want := range map[string][]string{
		`{"v":1,"primary":"k1","k0":"` + hex0 + `","k1":"` + hex1 + `"}`: nil,
		`{"v":1,"primary":"a","a":"` + hex0 + `","b":"` + hex1 + `"}`:    nil,
		`{"v":1,"primary":"k1","k1":"` + hex1 + `"}`:                     {"k0"},
		`{"v":1,"primary":"k0","k0":"` + hex1 + `"}`:                     {"k0"},
		`{"v":1,"primary":"k1","k1":"` + strings.Repeat("ab", 32) + `"}`: {"k1", "k0"},
	} {
		if got := ring(t, text).Lacks(old); !slices.Equal(got, want) {
			t.Errorf("lacks %v, want %v", got, want)
		}
	}
}

func TestIDTellsItsDay(t *testing.T) {
	at := time.Date(2026, 4, 5, 23, 30, 0, 0, time.FixedZone("", 3600))
	id := NewID(at)
	if day, ok := MadeOn(id); !ValidID(id) || !ok || day != time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC) {
		t.Errorf("%s: %v %v", id, day, ok)
	}
	if id == NewID(at) {
		t.Errorf("twice %s", id)
	}
	for _, id := range []string{"", "k0", "legacy", "k20260405", "k20261345-6r3jd2ab", "x20260405-6r3jd2ab"} {
		if _, ok := MadeOn(id); ok {
			t.Errorf("%s tells a day", id)
		}
	}
}

// The ring's text must be reached by Text alone, whatever prints a ring.
func TestRingPrintsNoKey(t *testing.T) {
	r := ring(t, `{"v":1,"primary":"k0","k0":"`+hex0+`"}`)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if said := fmt.Sprintf(verb, r); strings.Contains(strings.ToLower(said), hex0[:16]) {
			t.Errorf("%s prints the key: %s", verb, said)
		}
	}
}
