package keystatus

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/internal/sweep"
)

const (
	hex0 = "0000000000000000000000000000000000000000000000000000000000000000"
	hex1 = "1111111111111111111111111111111111111111111111111111111111111111"
	hex2 = "2222222222222222222222222222222222222222222222222222222222222222"

	old, newer = "k20260101-aaaaaaaa", "k20260401-bbbbbbbb"
)

var changed = time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)

func secret(t *testing.T) *Secret {
	t.Helper()
	ring, err := ssec.ParseRing(`{"v":1,"primary":"` + newer + `","` + newer + `":"` + hex2 + `","` + old + `":"` + hex1 + `","k0":"` + hex0 + `"}`)
	if err != nil {
		t.Fatal(err)
	}
	return &Secret{ARN: "arn", Version: "v", Changed: changed, Size: len(ring.Text()), MaxSize: ssec.MaxText, ring: ring}
}

// Only a key that nothing needs, after the last put under it, may go. What isn't
// known makes the answer unknown.
func TestWhatMayBeRetired(t *testing.T) {
	t.Parallel()
	const timeout = 30 * time.Second
	quiet := changed.Add(sweep.Grace(timeout))
	count := func(key string, state sweep.State) sweep.Count {
		return sweep.Count{KeyID: key, State: state, Versions: 2, Bytes: 10}
	}
	of := func(counts ...sweep.Count) *sweep.Report {
		return &sweep.Report{Counts: append(counts, count(newer, sweep.Current), count(newer, sweep.Noncurrent))}
	}
	for name, c := range map[string]struct {
		counted *sweep.Report
		began   time.Time
		want    string
	}{
		"not counted":          {nil, quiet, "unknown: the objects were not counted"},
		"nothing needs it":     {of(), quiet, "yes"},
		"another needs":        {of(count("k0", sweep.ToMove)), quiet, "yes"},
		"too early":            {of(), quiet.Add(-time.Second), "from 2026-04-01 12:"},
		"to sweep":             {of(count(old, sweep.ToMove)), quiet, "no: 2 objects to sweep"},
		"locked":               {of(count(old, sweep.Locked)), quiet, "no: 2 objects locked or archived"},
		"archived":             {of(count(old, sweep.Archived)), quiet, "no: 2 objects locked or archived"},
		"to sweep, and locked": {of(count(old, sweep.ToMove), count(old, sweep.Locked)), quiet, "no: 2 objects to sweep"},
		"noncurrent":           {of(count(old, sweep.Noncurrent)), quiet, "no: 2 noncurrent versions"},
		"failed looks":         {of(count("", sweep.Failed)), quiet, "unknown: 2 versions not looked at"},
		"unreadable":           {of(count("", sweep.Unreadable)), quiet, "no: 2 versions opened by no key"},
	} {
		s := New("dev", "bucket", secret(t), c.counted, timeout, c.began)
		i := slices.IndexFunc(s.Keys, func(k Key) bool { return k.ID == old })
		if got := s.Keys[i].Retire.String(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if got := s.Keys[0].Retire.String(); s.Keys[0].ID != newer || got != "no: it is the primary" {
			t.Errorf("%s: the primary: %s", name, got)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	x := secret(t)
	x.Rotation = Rotation{Enabled: true, Schedule: every(90), Last: changed, Next: changed.AddDate(0, 0, 90)}
	r := &sweep.Report{Counts: []sweep.Count{
		{KeyID: newer, State: sweep.Current, Versions: 1200, Bytes: 4 << 20}, {KeyID: old, State: sweep.ToMove, Versions: 1, Bytes: 5},
		{KeyID: old, State: sweep.Noncurrent, Versions: 2, Bytes: 10}, {State: sweep.NotSSEC, Versions: 1},
		{State: sweep.Unreadable, Versions: 1},
	}, Examples: []sweep.Example{{Key: "a\nb", VersionID: "x", State: sweep.Unreadable}}}
	var b strings.Builder
	s := New("dev", "bucket", x, r, 0, changed.Add(time.Hour))
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	want := `The key ring of dev: arn
3 keys in 286 of 65536 bytes, last changed 2026-04-01 12:00 UTC

key                  made         current   noncurrent   size      may be retired
k20260401-bbbbbbbb   2026-04-01   1200      0            4.0 MiB   no: it is the primary
k0                   unknown      0         0            0 B       no: 1 version opened by no key
k20260101-aaaaaaaa   2026-01-01   1         2            15 B      no: 1 object to sweep

1 version not under SSE-C.

Rotation: every 90 days, last 2026-04-01 12:00 UTC, next until 2026-06-30 12:00 UTC.
unreadable: "a\nb" version x
`
	if b.String() != want {
		t.Errorf("%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	if err := New("dev", "bucket", x, nil, 0, changed).Write(&b); err != nil || strings.Count(b.String(), "unknown") != 12 {
		t.Errorf("%s%v", b.String(), err)
	}
}

func TestWrong(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Status){
		"":              func(*Status) {},
		"has failed":    func(s *Status) { s.Secret.Rotation = Rotation{Pending: "p", Stuck: true, Overdue: true} },
		"has not been":  func(s *Status) { s.Secret.Rotation = Rotation{Enabled: true, Overdue: true} },
		"k1, k2":        func(s *Status) { s.Secret.Lost = []string{"k1", "k2"} },
		"nearly full":   func(s *Status) { s.Secret.Size = 60_000 },
		"1 version tha": func(s *Status) { s.Unreadable = 1 },
		"2 versions th": func(s *Status) { s.Failed = 2 },
	} {
		s := New("dev", "bucket", secret(t), nil, 0, changed)
		change(s)
		if got := s.Wrong(); (want == "") != (len(got) == 0) || len(got) > 1 || want != "" && !strings.Contains(got[0], want) {
			t.Errorf("%s: %q", want, got)
		}
	}
}
