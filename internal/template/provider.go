package template

import (
	"slices"

	"github.com/s3seal/s3seal/internal/cfn"
)

// Providers gives the stacks that are deployed before this one: those that the
// assembly says, and those whose outputs its resources take.
func (s *Stack) Providers() []*Stack {
	taken := taken{scope: newScope(s)}
	for _, r := range s.Resources() {
		taken.walk(r.RawProperties)
	}
	return slices.DeleteFunc(slices.Clone(s.peers), func(peer *Stack) bool {
		return peer == s || !slices.Contains(s.Dependencies, peer.ArtifactID) && !taken.of(peer)
	})
}

// taken holds what a stack takes from others, as far as it can be read.
type taken struct {
	*scope
	stacks, exports []string // names
}

func (k *taken) walk(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			k.walk(e)
		}
	case map[string]any:
		for key, e := range v {
			output, _ := e.(map[string]any)
			switch key {
			case "Fn::ImportValue":
				k.exports = k.keep(k.exports, e)
			case "Fn::GetStackOutput":
				k.stacks = k.keep(k.stacks, output["StackName"])
			}
			k.walk(e)
		}
	}
}

func (k *taken) keep(list []string, v any) []string {
	if text, err := k.Text(v, nil); err == nil {
		return append(list, text)
	}
	return list
}

func (k *taken) of(peer *Stack) bool {
	if slices.Contains(k.stacks, peer.Name) {
		return true
	}
	if len(k.exports) == 0 || peer.loaded() != nil {
		return false
	}
	there := k.in(peer)
	for name, o := range peer.Template.Outputs {
		if o.ExportName == nil {
			continue
		}
		if export, err := there.Text(o.ExportName, cfn.Root("Outputs", name)); err == nil && slices.Contains(k.exports, export) {
			return true
		}
	}
	return false
}
