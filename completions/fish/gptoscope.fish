# Completion of gptoscope's command line for fish.

set -l modes explore train sample show eval script list bench
set -l first "not __fish_seen_subcommand_from $modes"

complete -c gptoscope -f
complete -c gptoscope -n $first -a explore -d 'watch a GPT learn, on the whole screen'
complete -c gptoscope -n $first -a train -d 'train without a screen, then write texts'
complete -c gptoscope -n $first -a sample -d 'write texts with a saved run, or train first'
complete -c gptoscope -n $first -a show -d 'print one view'
complete -c gptoscope -n $first -a eval -d 'print expressions over a run'
complete -c gptoscope -n $first -a script -d 'run a file of commands without a screen'
complete -c gptoscope -n $first -a list -d 'list commands, expressions, keys, options or views'
complete -c gptoscope -n $first -a bench -d 'measure how fast it is'

complete -c gptoscope -n '__fish_seen_subcommand_from sample script' -F
complete -c gptoscope -n '__fish_seen_subcommand_from show' -a 'overview graph attention parameters loss adam generate data memory'
complete -c gptoscope -n '__fish_seen_subcommand_from list' -a 'commands expressions keys options views'
complete -c gptoscope -n '__fish_seen_subcommand_from bench' -a train

complete -c gptoscope -l steps -x -d 'updates in the whole run'
complete -c gptoscope -l seed -x -d 'seed of the random numbers'
complete -c gptoscope -l n-layer -x -d 'transformer blocks'
complete -c gptoscope -l n-embd -x -d 'width of the vectors'
complete -c gptoscope -l n-head -x -d 'attention heads'
complete -c gptoscope -l block-size -x -d 'positions the model can see'
complete -c gptoscope -l lr -x -d 'learning rate at the start'
complete -c gptoscope -l beta1 -x -d 'Adam: share of the old mean of gradients'
complete -c gptoscope -l beta2 -x -d 'Adam: share of the old mean of squares'
complete -c gptoscope -l eps -x -d 'Adam: keeps the division finite'
complete -c gptoscope -l init-std -x -d 'spread of fresh parameters'
complete -c gptoscope -l temperature -x -d 'of writing: low is safe, high is wild'
complete -c gptoscope -l samples -x -d 'texts to write after training'

complete -c gptoscope -l residual -x -a 'on off' -d 'each block adds to its input'
complete -c gptoscope -l norm -x -a 'on off' -d 'RMSNorm, all three of them'
complete -c gptoscope -l first-norm -x -a 'on off' -d 'the norm after the embedding'
complete -c gptoscope -l attn-norm -x -a 'on off' -d 'the norm before attention'
complete -c gptoscope -l mlp-norm -x -a 'on off' -d 'the norm before the MLP'
complete -c gptoscope -l attention -x -a 'on off uniform' -d 'look at earlier positions'
complete -c gptoscope -l attn-scale -x -a 'on off' -d 'divide scores by the root of their terms'
complete -c gptoscope -l silence -x -a 'none all' -d 'head whose output is 0, as 0.2'
complete -c gptoscope -l position -x -a 'on off' -d 'add the position\'s embedding'
complete -c gptoscope -l mlp -x -a 'on off' -d 'the second half of a block'
complete -c gptoscope -l activation -x -a 'relu gelu none' -d 'what bends in the MLP'
complete -c gptoscope -l subtract-max -x -a 'on off' -d 'softmax takes the maximum off first'
complete -c gptoscope -l k-gradient -x -a 'on off' -d 'off, a bug: keys get no gradient'
complete -c gptoscope -l v-gradient -x -a 'on off' -d 'off, a bug: values get no gradient'
complete -c gptoscope -l accumulate -x -a 'on off' -d 'off, a bug: = in the place of +='
complete -c gptoscope -l zero-grad -x -a 'on off' -d 'off, a bug: old gradients stay in'
complete -c gptoscope -l optimizer -x -a 'adam sgd momentum' -d 'from gradient to update'
complete -c gptoscope -l bias-correction -x -a 'on off' -d 'Adam: make up for starting at 0'
complete -c gptoscope -l schedule -x -a 'linear constant cosine warmup' -d 'of the learning rate'
complete -c gptoscope -l warmup-steps -x -d 'steps in which warmup rises'

complete -c gptoscope -l data -r -F -d 'documents to learn from'
complete -c gptoscope -l load -r -F -d 'go on from a saved run'
complete -c gptoscope -l stop -x -d 'train: end after so many steps of the run'
complete -c gptoscope -l save -r -F -d 'save the run at its end'

complete -c gptoscope -l color -x -a 'auto always never' -d 'use colours'
complete -c gptoscope -l theme -x -a 'dark light mono' -d 'colours for a background'
complete -c gptoscope -l glyphs -x -a 'braille blocks ascii' -d 'characters for pictures'
complete -c gptoscope -l json -d 'one JSON object a line'
complete -c gptoscope -l quiet -d 'print results only'
complete -c gptoscope -l plain -d 'no screen control'
complete -c gptoscope -s h -l help -d 'print help'
complete -c gptoscope -l version -d 'print the version'

set -l showing '__fish_seen_subcommand_from show'
complete -c gptoscope -n '__fish_seen_subcommand_from show eval' -l at -x -a '0 end' -d 'moment: finished steps, or end'
complete -c gptoscope -n $showing -l size -x -a '80x24 100x30 120x40 200x60' -d 'columns and rows'
complete -c gptoscope -n $showing -l format -x -a 'text ansi svg json describe' -d 'form of the output'
complete -c gptoscope -n $showing -s e -l execute -x -d 'run a command first'
