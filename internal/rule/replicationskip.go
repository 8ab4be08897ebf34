package rule

import (
	"fmt"
	"strings"
)

// checkSkippedObjects looks for objects under KMS keys that a rule passes over:
// those under the bucket's default, and those that a service writes under a key
// of its own, whatever the default is.
func (c *checker) checkSkippedObjects(r replication) {
	on, known := c.kmsObjects(r)
	if !known || on {
		return
	}
	algorithm, known := c.text(r.bucket, defaultEncryption(r.bucket).Get("SSEAlgorithm"))
	if !known {
		return
	}
	if strings.HasPrefix(algorithm, "aws:kms") {
		c.find(r.bucket, r.value.Path(), "the bucket's default is %s and the rule doesn't replicate such objects", algorithm)
		return
	}
	name, err := r.bucket.Ref()
	if err != nil {
		c.unknown(r.bucket, "", err)
		return
	}
	object, known := c.replicatedObject(r)
	for _, path := range [][]string{{"Filter", "TagFilter"}, {"Filter", "And", "TagFilters"}} {
		if tagged, known := c.exists(r.bucket, r.value.Get(path...)); !known || tagged {
			return // no service is known to tag what it writes
		}
	}
	if !known {
		return
	}
	c.eachWriting(keyedOf, func(w writing) {
		if c.writingTo(w) != name {
			return
		}
		switch keyed, known := c.keyed(w); {
		case !known || !keyed:
		case object != "/object":
			c.unknown(r.bucket, r.value.Path(), fmt.Errorf("whether %s are among the objects that the rule selects by their prefix", w.Title))
		default:
			c.find(r.bucket, r.value.Path(), "%s of %s are under the KMS key that it names, and the rule doesn't replicate such objects", w.Title, place(w.from.Stack().Name, w.from.LogicalID, w.from.ConstructPath))
		}
	})
}
