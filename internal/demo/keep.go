package demo

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// keep leaves the local AWS running until ctx ends, and tells how to reach it.
func (p *stageplay) keep(ctx context.Context, folder string, out io.Writer) error {
	bin, err := filepath.Abs(binaries)
	if err != nil {
		return err
	}
	fmt.Fprint(out, "\nThe local AWS serves until you press Ctrl-C. In another terminal, here:\n\n")
	for _, e := range []environment{source, replica} {
		file := filepath.Join(folder, e.name+".env")
		if err := os.WriteFile(file, exports(p.server.Env(e.account), e.region, bin), 0o600); err != nil {
			return fault(err, true)
		}
		fmt.Fprintf(out, ". %s  # to be administrator of %s\n", file, e.account)
	}
	fmt.Fprintf(out, "\nThen, for example, in %s:\n\n", source.account)
	fmt.Fprintf(out, "aws s3 cp README.md s3://%s/\n", p.output("buckets", "SseKmsCmkBucket"))
	fmt.Fprintf(out, "cdk diff -c stages=%s\n", stagesFile(folder))
	<-ctx.Done()
	return nil
}

// exports is what a shell sources to be somebody in a Region, with the CDK of
// this project.
func exports(environment []string, region, bin string) []byte {
	var b strings.Builder
	for _, e := range environment {
		name, value, _ := strings.Cut(e, "=")
		if name == "AWS_REGION" || name == "AWS_DEFAULT_REGION" {
			value = region
		}
		fmt.Fprintf(&b, "export %s=%s\n", name, quote(value))
	}
	fmt.Fprintf(&b, "export PATH=%s:\"$PATH\"\n", quote(bin))
	return []byte(b.String())
}

// quote is a word of the shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
