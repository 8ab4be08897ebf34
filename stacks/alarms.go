package stacks

import (
	"github.com/s3seal/s3seal/constructs/alarms"
)

// alarm makes the stage's alarms, if it has any.
func (b buckets) alarm() {
	if b.stage.Alarms == nil {
		return
	}
	b.watched.TopicARN, b.watched.KeyAgeDays = b.stage.Alarms.TopicARN, b.stage.Alarms.KeyAgeDays
	alarms.New(b.Stack, "Alarms", *b.watched)
}
