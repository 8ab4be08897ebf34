package function

import (
	"encoding/json"
	"testing"
)

func FuzzTextAsJSON(f *testing.F) {
	all := make([]byte, 0x80)
	for i := range all {
		all[i] = byte(i)
	}
	f.Add(string(all))
	f.Add("plain and long enough for eight at a time; é € 😀 \u2028")
	f.Fuzz(func(t *testing.T, text string) {
		out := Text(text).AppendJSON([]byte(`"`))
		if n := Text(text).JSONLen(); n != len(out)-1 {
			t.Errorf("%d bytes, JSONLen said %d", len(out)-1, n)
		}
		var got, want string
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(quoted, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(append(out, '"'), &got); err != nil || got != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	})
}
