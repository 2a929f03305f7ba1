#!/bin/sh
# A preset is called what its author wrote, wherever people read of it; claims may ask for it by its layers too.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

cat >note.md <<'NOTE'
# Models

```ermine
study: models
data:  {name: two-spirals, train: 20, test: 20}
model: [mlp 8   depth=2, {mlp: {width: 9}}, [dense 8, tanh, dense]]
train: {epochs: 1}
figures: [{mark: bar, x: model, y: parameters}]
claims:
  - claim: By the preset
    rule: parameters where model = "mlp 8 depth=2" is 114
  - claim: By its layers
    rule: parameters where model = "[dense 8, relu, dense 8, relu, dense]" is 114
  - claim: From a map
    rule: parameters where model = "mlp width=9" - where model = "[dense 9, relu, dense]" is 0
  - claim: Layers
    rule: parameters where model = "[dense 8, tanh, dense]" is 42
```

The preset has {{models: parameters where model = "mlp 8 depth=2"}} parameters.
NOTE
sed 's/model: .*/model: [mlp 8, mlp depth=1 width=8]/' note.md >twice.md
sed 's/depth=2" is/depth=3" is/' note.md >never.md

run run note.md
is "$code" 0 'it runs'
has out 'mlp 8 depth=2' 'the table has the preset'
is "$(grep -c 'dense 8, relu, dense 8, relu, dense' out)" 1 'and its layers stand in the rule alone'
has note.html '"model":"mlp 8 depth=2"' 'the figure has the preset'
is "$(grep -c '"model":"\[dense 8, relu' note.html)" 0 'and not its layers'

# Counts are the same on every machine.
say verdicts note.md
say verdicts never.md
say run twice.md
run show note.md --csv
cut -d, -f1 out | sed -n '2,3p' >csv
is "$(cat csv)" 'mlp 8 depth=2
mlp width=9' 'CSV has the presets'
run show note.md --json
has out '"model": "mlp 8 depth=2"' 'JSON too'
transcript models.txt
t_done
