package logdelivery

import (
	"strings"
	"testing"
)

func TestEveryWriterIsCompleteAndNoSource(t *testing.T) {
	t.Parallel()
	sent := map[string]bool{}
	for _, s := range Sources() {
		traits, _ := Of(s)
		sent[traits.Setting.Type+" "+traits.Setting.Destination] = true
	}
	for _, w := range Writers() {
		place := w.Type + " " + w.Bucket
		if sent[place] {
			t.Errorf("%s: it is there twice, or a source of the matrix", place)
		}
		sent[place] = true
		if w.Title == "" || !strings.HasPrefix(w.Type, "AWS::") || w.Bucket == "" || !strings.HasSuffix(w.Page(), ".html") {
			t.Errorf("%s: title %q, page %q", place, w.Title, w.Page())
		}
		if w.Key == "" && w.Option != "" {
			t.Errorf("%s: the kind of encryption is given without its key", place)
		}
	}
}
