package shard

import (
	"encoding/json"
	"errors"
	"io/fs"
)

const treeFile = "tree.json"

// joinTrees puts the construct trees together, which the CDK's tools read; nil
// where an app writes none.
func joinTrees(dirs []string) ([]byte, error) {
	files, err := readObjects(dirs, treeFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	roots := make([]object, len(files))
	for i, f := range files {
		if err := json.Unmarshal(f.get("tree"), &roots[i]); err != nil {
			return nil, err
		}
	}
	children, err := joinWithin("construct", "children", roots, "")
	if err != nil {
		return nil, err
	}
	return files[0].with("tree", roots[0].with("children", children).text("")).text(""), nil
}

// with is the object with another value of a key that it has.
func (o object) with(key string, value json.RawMessage) object {
	all := make(object, len(o))
	for i, m := range o {
		if m.key == key {
			m.value = value
		}
		all[i] = m
	}
	return all
}
