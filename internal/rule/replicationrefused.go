package rule

import (
	"errors"
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

var replicationRefusedRules = []Rule{
	{
		ID:       "replication-refused",
		Severity: Error,
		Reason:   "S3 refuses the whole replication configuration for one rule of it that can't be, whether that rule is enabled or not.",
		Source:   replicationConfiguration,
		Fix:      "Write the rule as the message says.",
		check:    eachOf("AWS::S3::Bucket", checkReplicationRefused),
	},
	{
		ID:       "replication-rule-shadowed",
		Severity: Warning,
		Reason:   "Of several rules for one destination S3 applies the one with the highest priority: one that selects the same objects with a lower priority does nothing.",
		Source:   replicationConfiguration,
		Fix:      "Remove the rule, or give it another filter or another destination.",
		check:    eachOf("AWS::S3::Bucket", checkReplicationShadowed),
	},
}

// ruleText is what two rules of one bucket may not both say.
type ruleText struct {
	what  string
	value template.Value
}

func checkReplicationRefused(c *checker, b *template.Resource) {
	seen := map[string]int{} // by what a text is and how it reads: the rule that has it first
	destinations, unfiltered := map[string]bool{}, -1
	list := c.replicationRules(b)
	for i, v := range list {
		c.checkRuleForm(b, v)
		c.checkDestinationForm(b, v)
		// That priorities must differ is what S3 answers: "Found duplicate
		// priorities. Priorities must be unique." No page has it in words.
		for _, t := range []ruleText{{"Id", v.Get("Id")}, {"Priority", v.Get("Priority")}} {
			text, known := c.text(b, t.value)
			if !known || text == "" {
				continue
			}
			if before, twice := seen[t.what+text]; twice {
				c.find(b, t.value.Path(), "the rule has the %s of Rules[%d], %s", t.what, before, text)
				continue
			}
			seen[t.what+text] = i
		}
		if to, known := c.text(b, v.Get("Destination", "Bucket")); known {
			destinations[to] = true
		}
		if filtered, known := c.exists(b, v.Get("Filter")); known && !filtered {
			unfiltered = i
		}
	}
	if len(destinations) > 1 && unfiltered >= 0 {
		// A page's example of several destinations has no Filter; S3 answers
		// "Number of distinct destination bucket ARNs cannot exceed 1", and the
		// page of the resource type says that the Filter makes the version.
		c.findAs(Warning, b, list[unfiltered].Path(), "the configuration has %d destinations, which needs the second version, and the rule has no Filter, which makes it", len(destinations))
	}
}

// checkRuleForm looks at what selects objects.
// Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html
// and API_ReplicationRuleFilter.html there.
func (c *checker) checkRuleForm(b *template.Resource, v template.Value) {
	filter := v.Get("Filter")
	filtered, known := c.exists(b, filter)
	if !known || !filtered {
		return
	}
	parts, known := read(c, b, filter, template.Value.Keys)
	if known && len(parts) > 1 {
		c.find(b, filter.Path(), "the Filter has %s, and S3 accepts one of them: put several into And", strings.Join(parts, " and "))
	}
	if prefixed, known := c.exists(b, v.Get("Prefix")); known && prefixed {
		c.find(b, v.Get("Prefix").Path(), "the rule has a Prefix, of the first version of the configuration, beside its Filter, of the second: put it into the Filter")
	}
	markers, known := c.text(b, v.Get("DeleteMarkerReplication", "Status"))
	if !known || markers != "Enabled" {
		return
	}
	for _, path := range [][]string{{"Filter", "TagFilter"}, {"Filter", "And", "TagFilters"}} {
		if tagged, known := c.exists(b, v.Get(path...)); known && tagged {
			c.find(b, v.Get("DeleteMarkerReplication", "Status").Path(), "delete markers are replicated, and the rule selects by tags, which delete markers don't have: set it to Disabled")
		}
	}
}

// checkDestinationForm looks at where replicas go, and how.
// Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html,
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html.
func (c *checker) checkDestinationForm(b *template.Resource, v template.Value) {
	to := v.Get("Destination", "Bucket")
	arn, known := c.text(b, to)
	if known && resource.ARN(arn).Service != "s3" {
		c.find(b, to.Path(), "%q is no ARN of a bucket", arn)
	}
	if own, err := b.Att("Arn"); known && err == nil && own == arn {
		c.find(b, to.Path(), "the bucket is replicated to itself")
	}
	timed, known := c.exists(b, v.Get("Destination", "ReplicationTime"))
	metrics, alsoKnown := c.exists(b, v.Get("Destination", "Metrics"))
	if known && alsoKnown && timed && !metrics {
		c.find(b, v.Get("Destination", "ReplicationTime").Path(), "ReplicationTime is given without Metrics: give both")
	}
	for _, path := range [][]string{{"ReplicationTime", "Time", "Minutes"}, {"Metrics", "EventThreshold", "Minutes"}} {
		v := v.Get("Destination").Get(path...)
		if minutes, known := c.text(b, v); known && minutes != "" && minutes != "15" {
			c.find(b, v.Path(), "S3 accepts 15 minutes only, not %s", minutes)
		}
	}
	c.checkObjectLock(b, v)
}

func (c *checker) checkObjectLock(b *template.Resource, v template.Value) {
	locked, known := c.flag(b, b.Properties().Get("ObjectLockEnabled"))
	if !known || !locked {
		return
	}
	to, why := c.destination(v)
	if to == nil {
		c.unknown(b, v.Path(), why)
		return
	}
	if locked, known := c.flag(to.Resource, to.Properties().Get("ObjectLockEnabled")); known && !locked {
		c.find(b, v.Get("Destination", "Bucket").Path(), "the bucket has Object Lock, and its destination %s has not: S3 demands it of both", bucketPlace(to))
	}
}

// checkReplicationShadowed compares rules by their text: two filters that are
// written differently may still select the same, and are let be.
func checkReplicationShadowed(c *checker, b *template.Resource) {
	type place struct{ priority, index int }
	highest := map[string]place{} // by what a rule selects, and its destination
	for i, v := range c.replicationRules(b) {
		status, known := c.text(b, v.Get("Status"))
		filtered, alsoKnown := c.exists(b, v.Get("Filter"))
		if !known || !alsoKnown || status != "Enabled" || !filtered {
			continue
		}
		priority, err := v.Get("Priority").Int()
		selects, err2 := textOf(v.Get("Filter"), v.Get("SourceSelectionCriteria"), v.Get("Destination", "Bucket"))
		if errors.Is(err, template.ErrMissing) {
			continue // of another rule
		}
		if err := errors.Join(err, err2); err != nil {
			c.unknown(b, v.Path(), err)
			continue
		}
		other, twice := highest[selects]
		switch {
		case !twice || priority == other.priority: // the latter is of another rule
		case priority > other.priority:
			c.find(b, fmt.Sprintf("%s.ReplicationConfiguration.Rules[%d]", b.Properties().Path(), other.index), "Rules[%d] selects the same objects for the same destination, with the higher priority %d", i, priority)
		default:
			c.find(b, v.Path(), "Rules[%d] selects the same objects for the same destination, with the higher priority %d", other.index, other.priority)
			continue
		}
		highest[selects] = place{priority, i}
	}
}

// replicationRules are the rules of a bucket, whatever their status.
func (c *checker) replicationRules(b *template.Resource) []template.Value {
	list, _ := read(c, b, b.Properties().Get("ReplicationConfiguration", "Rules"), template.Value.List)
	return list
}

// textOf is what values say; equal for those that say the same.
func textOf(values ...template.Value) (string, error) {
	var texts []string
	for _, v := range values {
		is, err := v.Resolve()
		if err != nil && !errors.Is(err, template.ErrMissing) {
			return "", err
		}
		texts = append(texts, fmt.Sprint(is))
	}
	return strings.Join(texts, "\n"), nil
}
