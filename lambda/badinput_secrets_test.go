package lambda

import (
	"strings"
	"testing"
	"time"
)

// badSecrets are texts that are no ring. What in them could be a key is quoted
// nowhere.
var badSecrets = []string{
	"short",
	digits, // the key alone
	strings.ToUpper(digits),
	digits[:31],
	digits[:33],
	`"` + digits + `"`,
	`["` + digits + `"]`,
	`{}`,
	`{"v":1}`,
	`{"v":1,"primary":"k0"}`,
	`{"v":1,"k0":"` + digits + `"}`,
	`{"v":2,"primary":"k0","k0":"` + digits + `"}`,
	`{"v":"1","primary":"k0","k0":"` + digits + `"}`,
	`{"v":1.0,"primary":"k0","k0":"` + digits + `"}`,
	`{"v":1,"primary":"k1","k0":"` + digits + `"}`,
	`{"v":1,"primary":"` + digits + `","k0":"` + digits + `"}`,
	`{"v":1,"primary":5,"k0":"` + digits + `"}`,
	`{"v":1,"primary":"k0","k0":"` + digits[:63] + `"}`,
	`{"v":1,"primary":"k0","k0":"` + digits + `0"}`,
	`{"v":1,"primary":"k0","k0":"` + digits[:63] + `g"}`,
	`{"v":1,"primary":"k0","k0":" ` + digits[1:] + `"}`,
	`{"v":1,"primary":"k0","k0":null}`,
	`{"v":1,"primary":"k0","k0":{"key":"` + digits + `"}}`,
	`{"v":1,"primary":"k0","k0":"` + digits + `","k0":"` + other + `"}`,
	`{"v":1,"primary":"k0","k0":"` + digits + `","` + other + other + `":"` + other + `"}`,
	`{"v":1,"primary":"k0","k0":"` + digits + `","a b":"` + other + `"}`,
	`{"v":1,"primary":"k0","parent":"","k0":"` + digits + `"}`,
	`{"v":1,"primary":"k0","parent":5,"k0":"` + digits + `"}`,
	`{"v":1,"primary":"k0","k0":"` + digits + `"}` + digits,
	`{"v":1,"primary":"k0","k0":"` + digits,
	`{"v":1,"primary":"k0","k0":` + digits + `}`,
	`{"v":1,"primary":"k0","k0":"\q` + digits + `"}`,
	deep[:60_000],
	"<secret>" + digits + "</secret>",
}

// TestNoFunctionQuotesABadSecret gives every function that reads the ring every
// bad secret, and then the good one again.
func TestNoFunctionQuotesABadSecret(t *testing.T) {
	t.Parallel()
	w := newBadWorld(t)
	announce(t, w.Server, token(1))
	for _, secret := range badSecrets {
		edit(t, w.Server, secret)
		w.secrets = append(w.secrets, secret)
		w.before = w.state(t)
		for _, name := range []string{"put", "get", "head", "copy", "presign", "stream", "ingest", "rotate", "sweep"} {
			a := w.process(t, name, "", "").invokeAs(t, event{"id", w.names.Replace(plainEvents[name]), time.Now().Add(time.Minute)})
			w.printed = append(w.printed, a.body)
			checkFailure(t, name+" with the secret "+secret[:min(len(secret), 100)], "BadSecret", a)
		}
		w.checkUnchanged(t, badInput{function: "any", event: secret})
	}
	edit(t, w.Server, onlyK0)
	w.checkAllIsThere(t)
}
