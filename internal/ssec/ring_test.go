package ssec

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const (
	hex0 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	hex1 = "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0"
)

func TestParseRingAccepts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text, primary, parent string
		ids                   []string
	}{
		"one key":              {`{"v":1,"primary":"k0","k0":"` + hex0 + `"}`, "k0", "", []string{"k0"}},
		"the primary is first": {`{"k2":"` + hex0 + `","k0":"` + hex1 + `","k1":"` + hex1 + `","v":1,"primary":"k1"}`, "k1", "", []string{"k1", "k0", "k2"}},
		"a parent":             {`{"v":1,"primary":"b","parent":"version-0","a":"` + hex0 + `","b":"` + hex1 + `"}`, "b", "version-0", []string{"b", "a"}},
		"upper case digits":    {`{"v":1,"primary":"k0","k0":"` + strings.ToUpper(hex1) + `"}`, "k0", "", []string{"k0"}},
		"space around":         {" {\n\"v\": 1, \"primary\": \"k0\", \"k0\": \"" + hex0 + "\"}\n", "k0", "", []string{"k0"}},
		"32 bytes of text":     {"hws7rqxtlcwd98e8nds94jf8al3yyi5t", "legacy", "", []string{"legacy"}},
		"32 bytes, not ASCII":  {"ééééééééééééééé!!", "legacy", "", []string{"legacy"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ring, err := ParseRing(c.text)
			if err != nil {
				t.Fatal(err)
			}
			id, key := ring.Primary()
			again, ok := ring.Key(id)
			if id != c.primary || ring.Parent() != c.parent || !slices.Equal(ring.IDs(), c.ids) || ring.Len() != len(c.ids) || !ok || !again.Equal(key) {
				t.Errorf("primary %s, parent %s, ids %v; want %s, %s, %v", id, ring.Parent(), ring.IDs(), c.primary, c.parent, c.ids)
			}
		})
	}
}

func TestParseRingReadsTheKeysBytes(t *testing.T) {
	t.Parallel()
	ring, err := ParseRing(`{"v":1,"primary":"k0","k0":"` + hex0 + `"}`)
	if err != nil {
		t.Fatal(err)
	}
	var want [KeySize]byte
	for i := range want {
		want[i] = byte(i)
	}
	if _, key := ring.Primary(); !key.Equal(NewKey(want)) {
		t.Error("the primary key is not the 32 bytes of its digits")
	}
}

func TestParseRingRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":                       ``,
		"31 bytes":                      `hws7rqxtlcwd98e8nds94jf8al3yyi5`,
		"33 bytes":                      `hws7rqxtlcwd98e8nds94jf8al3yyi5t5`,
		"32 bytes that begin as a ring": `{"v":1,"primary":"k0","k0":"ab"}`,
		"64 digits alone":               hex0,
		"an array":                      `["` + hex0 + `"]`,
		"null":                          `null`,
		"cut off":                       `{"v":1,"primary":"k0","k0":"` + hex0,
		"more text":                     `{"v":1,"primary":"k0","k0":"` + hex0 + `"} x`,
		"two objects":                   `{"v":1,"primary":"k0","k0":"` + hex0 + `"}{}`,
		"no version":                    `{"primary":"k0","k0":"` + hex0 + `"}`,
		"version 2":                     `{"v":2,"primary":"k0","k0":"` + hex0 + `"}`,
		"version 1.0":                   `{"v":1.0,"primary":"k0","k0":"` + hex0 + `"}`,
		"version as text":               `{"v":"1","primary":"k0","k0":"` + hex0 + `"}`,
		"no primary":                    `{"v":1,"k0":"` + hex0 + `"}`,
		"primary not there":             `{"v":1,"primary":"k1","k0":"` + hex0 + `"}`,
		"primary is v":                  `{"v":1,"primary":"v","k0":"` + hex0 + `"}`,
		"primary a number":              `{"v":1,"primary":0,"k0":"` + hex0 + `"}`,
		"parent empty":                  `{"v":1,"primary":"k0","parent":"","k0":"` + hex0 + `"}`,
		"parent a number":               `{"v":1,"primary":"k0","parent":7,"k0":"` + hex0 + `"}`,
		"63 digits":                     `{"v":1,"primary":"k0","k0":"` + hex0[1:] + `"}`,
		"62 digits":                     `{"v":1,"primary":"k0","k0":"` + hex0[2:] + `"}`,
		"66 digits":                     `{"v":1,"primary":"k0","k0":"00` + hex0 + `"}`,
		"not digits":                    `{"v":1,"primary":"k0","k0":"zz` + hex0[2:] + `"}`,
		"key null":                      `{"v":1,"primary":"k0","k0":null}`,
		"key nested":                    `{"v":1,"primary":"k0","k0":{"a":"` + hex0 + `"}}`,
		"a second key too short":        `{"v":1,"primary":"k0","k0":"` + hex0 + `","k1":"00"}`,
		"the same id twice":             `{"v":1,"primary":"k0","k0":"` + hex0 + `","k0":"` + hex1 + `"}`,
		"the version twice":             `{"v":1,"v":1,"primary":"k0","k0":"` + hex0 + `"}`,
		"an empty id":                   `{"v":1,"primary":"","":"` + hex0 + `"}`,
		"an id with a space":            `{"v":1,"primary":"k 0","k 0":"` + hex0 + `"}`,
		"an id with an ampersand":       `{"v":1,"primary":"k&0","k&0":"` + hex0 + `"}`,
		"an id of 65":                   fmt.Sprintf(`{"v":1,"primary":%q,%[1]q:%q}`, strings.Repeat("k", 65), hex0),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseRing(text)
			var bad *BadSecretError
			if !errors.As(err, &bad) {
				t.Fatalf("ParseRing = %v, want a *BadSecretError", err)
			}
			for _, part := range []string{hex0, hex0[2:40], "hws7rqxt", "k&0"} {
				if strings.Contains(err.Error(), part) {
					t.Errorf("the error quotes the secret: %v", err)
				}
			}
		})
	}
}

func FuzzParseRing(f *testing.F) {
	f.Add(`{"v":1,"primary":"k0","k0":"` + hex0 + `"}`)
	f.Add("hws7rqxtlcwd98e8nds94jf8al3yyi5t")
	f.Add(`{"v":1,"primary":"k0","k0":"` + hex0 + `","k0":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		ring, err := ParseRing(text)
		if err != nil {
			return
		}
		for _, id := range ring.IDs() {
			if _, ok := ring.Key(id); !ok || !ValidID(id) {
				t.Errorf("the ring lists %q and has no such key", id)
			}
		}
	})
}
