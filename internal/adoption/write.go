package adoption

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// Write prints a script for the shell: the calls that set what a bucket of the
// stage has, and the documents of the policies as files. A person reads it before
// it is run, so each comes with what it changes.
func Write(w io.Writer, stage string, list []Adopted) error {
	p := printer{w: w}
	for _, a := range list {
		p.print("# %s: with credentials of %s, in %s\n", a.Pattern, a.Environment.Account, a.Environment.Region)
		for _, s := range a.Settings {
			p.print("\n# %s\n", s.Why)
			p.print("aws s3api %s \\\n  --bucket %s %s '%s'\n", strings.Join(s.Command, " "), a.Bucket, s.Flag, p.indented(s.Value))
		}
		file := fmt.Sprintf("%s-%s-", stage, a.Pattern)
		if len(a.Policy.Statement) > 0 {
			p.document("The statements that the policy of the bucket "+a.Bucket+"\n# must have.", file+"bucket-policy.json", a.Policy)
		}
		if a.KeyARN != "" {
			what := "The statements that the policy of the key\n# " + a.KeyARN + "\n# must have."
			if a.Pattern.Known() {
				what += " AccountAccess lets the functions' own policies admit them."
			}
			p.document(what, file+"key-policy.json", a.KeyPolicy)
		}
		p.print("\n")
	}
	return p.err
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) print(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) indented(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil && p.err == nil {
		p.err = err
	}
	return string(text)
}

func (p *printer) document(what, file string, d iam.Document) {
	p.print("\n# %s\ncat > %s <<'EOF'\n%s\nEOF\n", what, file, p.indented(d))
}
