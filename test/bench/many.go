package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// many measures a file of groups, of which every fifth stage has a replica in
// another account. An earlier commit, which may know no groups, gets the same
// stages one by one.
func many(n int, base string) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	alone := &bench{name: "one stage, alone in its file", stages: 1}
	one := &bench{name: fmt.Sprintf("one of %d stages in groups", n), stages: n, stage: "s1"}
	all := &bench{name: fmt.Sprintf("%d stages in groups", n), stages: n}
	single := &bench{name: fmt.Sprintf("%d stages, -c shards=1", n), stages: n, shards: "1"}
	before := &bench{name: fmt.Sprintf("%d stages, before", n), stages: n, app: base}
	small, large := []*bench{alone, one}, []*bench{all, single}
	if base != "" {
		large = append(large, before)
	}
	for _, c := range append(small, large...) {
		if c.dir, err = os.MkdirTemp("", "s3seal-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(c.dir)
		if err := writeMany(c.dir, c.stages, c != before); err != nil {
			return err
		}
		if err := os.Symlink(filepath.Join(root, "build"), filepath.Join(c.dir, "build")); err != nil {
			return err
		}
	}
	for round := range 6 { // the first fills caches; of the large cases two are enough
		of := small
		if round < 2 {
			of = append(of[:2:2], large...)
		}
		for _, c := range of {
			took, err := c.synth(root)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			if round > 0 {
				c.took = append(c.took, took)
			}
			fmt.Fprint(os.Stderr, ".")
		}
	}
	fmt.Fprintln(os.Stderr)
	for _, c := range append(small, large...) {
		c.print()
	}
	over := ratio(one.name+" / alone", one, alone, 1.2)
	if runtime.NumCPU() > 1 {
		over = errors.Join(over, ratio("in several processes / in one", all, single, 0.8))
	}
	if base != "" {
		over = errors.Join(over, ratio("in several processes / before", all, before, 0.3), checked(root, base, before))
	}
	return over
}

// writeMany writes a file of n stages, as groups or one by one.
func writeMany(dir string, n int, groups bool) error {
	var flat, list strings.Builder
	flat.WriteString("stages:\n")
	list.WriteString("name,account,kind,backup\n")
	for i := range n {
		account, backup, kind, replica := fmt.Sprintf("%012d", 100000000000+i), fmt.Sprintf("%012d", 200000000000+i), "dev", ""
		if i%5 == 0 {
			kind, replica = "prod", fmt.Sprintf(", replica: {account: %q, region: us-west-2}", backup)
		}
		fmt.Fprintf(&flat, "  s%d: {prefix: acme-s%d, source: {account: %q, region: us-east-1}%s}\n", i, i, account, replica)
		fmt.Fprintf(&list, "s%d,%s,%s,%s\n", i, account, kind, backup)
	}
	files := map[string]string{"stages.yaml": flat.String()}
	if groups {
		files = map[string]string{"accounts.csv": list.String(), "stages.yaml": grouped}
		if n == 1 { // a group without an account is a mistake
			files["stages.yaml"] = strings.Split(grouped, "  dev:")[0]
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

const grouped = `defaults: {prefix: "acme-{stage}", source: {region: us-east-1}}
groups:
  prod: {file: accounts.csv, where: {kind: [prod]}, name: "{name}", replica: {account: "{backup}", region: us-west-2}}
  dev: {file: accounts.csv, where: {kind: [dev]}, name: "{name}"}
`
