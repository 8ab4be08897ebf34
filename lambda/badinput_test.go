package lambda

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/internal/ssec"
)

// A badInput is an event that a function can't carry out, or not now.
type badInput struct {
	function string
	event    string // words in <> are filled in by the world
	want     string // the errorType without "S3Seal.", or what an answer says that is no failure

	env    string            // variables of a process of its own, with spaces between
	calls  string            // that meet the fault
	fault  *objecttest.Fault // nil for none
	short  bool              // the invocation ends soon
	writes bool              // a version may be made, whose answer is lost
}

// minBadInputs is how many there are at least.
const minBadInputs = 120

// Whatever a function gets, its failure has a type, nothing that it prints has a
// key, and what was there stays: every object can be read, and the secret has its
// versions and its labels.
func TestBadInputs(t *testing.T) {
	t.Parallel()
	rows := map[string]int{}
	total := 0
	for name, n := range map[string]func(func(string)) int{
		"events":       countRows(badEvents),
		"environments": countRows(badEnvironments),
		"faults":       countRows(faults),
		"secrets":      func(add func(string)) int { add("put"); return len(badSecrets) },
		"rotations": func(add func(string)) int {
			add("rotate")
			return len(badRotations)
		},
	} {
		n := n(func(function string) { rows[function]++ })
		t.Logf("%d %s", n, name)
		total += n
	}
	if total < minBadInputs {
		t.Errorf("%d bad inputs, want at least %d", total, minBadInputs)
	}
	for _, name := range functions(t) {
		if rows[name] == 0 {
			t.Errorf("no bad input of the function %s", name)
		}
	}
	tables := map[string][]badInput{"events": badEvents, "environments": badEnvironments}
	for _, row := range faults { // which wait for retries
		name := "faults of " + row.function
		tables[name] = append(tables[name], row)
	}
	for name, table := range tables {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newBadWorld(t)
			for _, row := range table {
				w.check(t, row)
			}
			w.checkAllIsThere(t)
		})
	}
}

func countRows(table []badInput) func(func(string)) int {
	return func(add func(string)) int {
		for _, row := range table {
			add(row.function)
		}
		return len(table)
	}
}

// check sends one bad input.
func (w *badWorld) check(t *testing.T, row badInput) {
	t.Helper()
	// A process that has the ring asks for no secret: what fails to read it is
	// sent to one that never had it.
	share := ""
	if strings.Contains(row.calls, "SecretValue") {
		share = "without a ring"
	}
	f := w.process(t, row.function, row.env, share)
	w.Lock()
	w.Fault = func(operation string) *objecttest.Fault {
		if slices.Contains(strings.Fields(row.calls), operation) {
			return row.fault
		}
		return nil
	}
	w.Unlock()
	deadline := time.Now().Add(time.Minute)
	if row.short {
		deadline = time.Now().Add(2 * time.Second)
	}
	a := f.invokeAs(t, event{"6bc28136-xmpl-4365-b021-0ce6b2e64ab0", w.names.Replace(row.event), deadline})
	w.Lock()
	w.Fault = nil
	w.Unlock()
	w.printed = append(w.printed, a.body)
	checkFailure(t, fmt.Sprintf("%s %.200s %s %s", row.function, row.event, row.env, row.calls), row.want, a)
	w.checkUnchanged(t, row)
}

// checkFailure demands a failure of a type, or an answer that has a text.
func checkFailure(t *testing.T, what, want string, a answer) {
	t.Helper()
	if strings.Contains(want, `"`) {
		if a.failed || !strings.Contains(a.body, want) {
			t.Errorf("%s\nanswers %.500s, want %s", what, a.body, want)
		}
		return
	}
	want = "S3Seal." + want
	var m struct{ ErrorType, ErrorMessage string }
	if err := json.Unmarshal([]byte(a.body), &m); err != nil && a.errorType == "" {
		t.Errorf("%s\nanswers %.500s, which is no JSON", what, a.body)
		return
	}
	if a.errorType != "" {
		m.ErrorType, m.ErrorMessage = a.errorType, "in the trailers"
	}
	text := m.ErrorMessage
	if m.ErrorType != want || text == "" || len(text) > 3000 || strings.ContainsAny(text, "\r\n") || strings.Contains(text, "Go value") || strings.Contains(text, "goroutine") {
		t.Errorf("%s\nanswers %.700s, want %s", what, a.body, want)
	}
}

func (w *badWorld) checkUnchanged(t *testing.T, row badInput) {
	t.Helper()
	now := w.state(t)
	for v := range w.before.versions {
		if !now.versions[v] {
			t.Errorf("%s %.200s: the version %s is gone", row.function, row.event, v)
		}
	}
	if !row.writes && len(now.versions) != len(w.before.versions) {
		t.Errorf("%s %.200s wrote an object: %v", row.function, row.event, slices.Sorted(maps.Keys(now.versions)))
	}
	if !maps.Equal(now.labels, w.before.labels) {
		t.Errorf("%s %.200s: the secret's versions were %v, and are %v", row.function, row.event, w.before.labels, now.labels)
	}
	w.before = now
}

// checkAllIsThere reads every object in another process, and looks for keys in
// all that any process printed.
func (w *badWorld) checkAllIsThere(t *testing.T) {
	t.Helper()
	get := startFunction(t, "get", w.env...)
	for name, body := range w.bodies {
		a := get.invoke(t, fmt.Sprintf(`{"key":%q,"versionId":%q}`, name[0], name[1]))
		if a.failed || fields(t, a)["body"] != body {
			t.Errorf("%v: %s", name, a.body)
		}
	}
	printed := w.printed
	for _, f := range w.processes {
		printed = append(printed, f.output.String())
	}
	raw := bytes.Repeat([]byte("f"), ssec.KeySize)
	objecttest.CheckNoKey(t, raw, printed...)
	checkNoSecret(t, w.secrets, printed)
}

// checkNoSecret looks for the keys of secrets, and for what would be a key if the
// secret were a ring.
func checkNoSecret(t *testing.T, secrets, printed []string) {
	t.Helper()
	all := strings.Join(printed, "\n")
	for _, secret := range secrets {
		for _, word := range strings.FieldsFunc(secret, func(r rune) bool { return strings.ContainsRune("\"{}[]:, \t\n", r) }) {
			if len(word) < 20 || strings.HasPrefix(word, "not-a-key") {
				continue
			}
			sum := md5.Sum([]byte(word))
			for _, form := range []string{word, base64.RawStdEncoding.EncodeToString([]byte(word)), base64.RawStdEncoding.EncodeToString(sum[:])} {
				if strings.Contains(all, form) {
					t.Errorf("%q of a secret was printed", form)
				}
			}
		}
		if ring, err := ssec.ParseRing(secret); err == nil {
			for _, id := range ring.IDs() {
				key, _ := ring.Key(id)
				_, text, _ := key.Customer()
				raw, err := base64.StdEncoding.DecodeString(*text)
				if err != nil {
					t.Fatal(err)
				}
				objecttest.CheckNoKey(t, raw, all)
			}
		}
	}
}
