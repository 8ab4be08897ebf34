package access

import "testing"

func BenchmarkMarkdown(b *testing.B) {
	a := readAssembly(b, snapshots)
	stacks := Stacks(a, "prod")
	set := readStage(b, a, "prod")
	for b.Loop() {
		Markdown("prod", stacks, set)
	}
}
