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
		if w.Key == "" && (w.Option != "" || len(w.KeyActions) > 0) {
			t.Errorf("%s: what depends on its key is given without that", place)
		}
		if len(w.Services) == 0 && (len(w.Checks) > 0 || len(w.KeyActions) > 0) || (len(w.Services) > 0 || w.OnlySSES3 != "") && w.Below == "" {
			t.Errorf("%s: what a service asks for is given without the service, or without its page", place)
		}
	}
}
