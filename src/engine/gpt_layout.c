#include "engine/gpt_layout.h"

#include "engine/sys.h"
#include <assert.h>
#include <string.h>

/* ---- memory ---------------------------------------------------------------------------------- */

/* Visits of a head at most: products and sums of the logits; then add, exp and sum a token; and
 * pow, mul, log and mul. */
static int64_t head_visits(int64_t vocab, int64_t n_embd)
{
    return vocab * (2 * n_embd + 3) + 4;
}

/* Heads to keep: of all targets, or as many as GPT_LAYOUT_BYTES have room for; one at least. */
static int64_t head_rooms(int64_t vocab, int64_t n_embd)
{
    int64_t room = (int64_t)(GPT_LAYOUT_BYTES / sizeof(int32_t)) / head_visits(vocab, n_embd);

    return room < 1 ? 1 : room < vocab ? room : vocab;
}

int64_t gpt_layout_bytes(const Settings *settings, int vocab)
{
    const int64_t positions = settings->block_size, number = (int64_t)sizeof(int32_t);
    int64_t a_position = (int64_t)sizeof(LayoutPosition) + 2 * settings->n_embd * number;
    int64_t a_head = (head_visits(vocab, settings->n_embd) + 1) * number;

    return positions * a_position + head_rooms(vocab, settings->n_embd) * a_head +
           (positions + 3) * (int64_t)sizeof(TapeNode) + (positions + 1) * number;
}

bool gpt_layout_init(GptLayout *layout, const Gpt *gpt, Error *error)
{
    const size_t positions = (size_t)gpt->block_size;

    *layout = (GptLayout){.mixed_room = 2 * gpt->n_embd,
                          .rooms = (int)head_rooms(gpt->vocab, gpt->n_embd),
                          .head_room = (int)head_visits(gpt->vocab, gpt->n_embd)};
    layout->position = sys_alloc(positions, sizeof *layout->position);
    layout->slot = sys_alloc(positions * (size_t)layout->mixed_room, sizeof *layout->slot);
    layout->kept = sys_alloc((size_t)layout->rooms * (size_t)layout->head_room, sizeof(int32_t));
    layout->kept_of = sys_alloc((size_t)layout->rooms, sizeof *layout->kept_of);
    layout->covered = sys_alloc(positions + 3, sizeof *layout->covered);
    layout->tail = sys_alloc(positions + 1, sizeof *layout->tail);
    if (layout->position && layout->slot && layout->kept && layout->kept_of && layout->covered &&
        layout->tail)
        return true;
    gpt_layout_release(layout);
    return error_set(error, "out of memory for the order of the backward pass");
}

void gpt_layout_release(GptLayout *layout)
{
    sys_free(layout->position);
    sys_free(layout->slot);
    sys_free(layout->kept);
    sys_free(layout->kept_of);
    sys_free(layout->covered);
    sys_free(layout->tail);
    *layout = (GptLayout){0};
}

/* ---- where recording goes on ----------------------------------------------------------------- */

static LayoutPoint here(const Gpt *gpt, const Tape *tape)
{
    return (LayoutPoint){tape->count, tape->ranges, gpt->spans};
}

static void go_to(Gpt *gpt, Tape *tape, LayoutPoint point)
{
    tape->count = point.nodes;
    tape->ranges = point.ranges;
    gpt->spans = point.spans;
}

/* Where a place begins that is on the tape. */
static LayoutPoint place_begin(const Gpt *gpt, const Tape *tape, Part part, int pos)
{
    const Span *span = gpt_span(gpt, (Place){part, pos, -1, -1});

    return (LayoutPoint){span->first, tape->ranges, (int)(span - gpt->span)};
}

/* ---- the order of a position ----------------------------------------------------------------- */

static int32_t loss_of(const Gpt *gpt, int pos)
{
    return gpt_span(gpt, (Place){PART_LOSS, pos, -1, -1})->out.first;
}

/* The visits of the head for a target, from those kept or by walking. */
static const int32_t *head_order(GptLayout *layout, const Gpt *gpt, Tape *tape, int pos)
{
    const LayoutPosition *p = &layout->position[pos];
    int room = p->target % layout->rooms;
    int32_t *visit = layout->kept + (size_t)room * (size_t)layout->head_room;

    if (layout->kept_of[room] == p->target)
        return visit;
    layout->kept_of[room] = p->target;
    layout->head_visits = tape_walk(tape, loss_of(gpt, pos), p->head, visit);
    assert(layout->head_visits <= layout->head_room);
    for (int i = 0; i < layout->head_visits; i++)
        visit[i] -= p->head;
    return visit;
}

/* Puts the head for another target in the place of the one that stands in the order. */
static void put_head(GptLayout *layout, const Gpt *gpt, Tape *tape, int pos)
{
    const LayoutPosition *p = &layout->position[pos];
    const int32_t *visit = head_order(layout, gpt, tape, pos);
    const int32_t *slot = layout->slot + (size_t)pos * (size_t)layout->mixed_room;
    const int32_t rest = p->to - (layout->head_visits - p->mixed);
    int32_t *order = tape->order;

    for (int i = 0; i < p->mixed; i++)
        order[p->from + slot[i]] = p->head + visit[i];
    for (int i = p->mixed; i < layout->head_visits; i++)
        order[rest + i - p->mixed] = p->head + visit[i];
    tape_mark_whole(tape, rest, p->to);
}

/* Notes where visits of the head stand before the last one of the trunk. */
static void note_mixed(GptLayout *layout, const Tape *tape, int pos)
{
    LayoutPosition *p = &layout->position[pos];
    int32_t *slot = layout->slot + (size_t)pos * (size_t)layout->mixed_room, last = p->to;

    while (last > p->from && tape->order[last - 1] >= p->head)
        last--;
    p->mixed = 0;
    for (int32_t i = p->from; i < last; i++)
        if (tape->order[i] >= p->head) {
            assert(p->mixed < layout->mixed_room);
            slot[p->mixed++] = i - p->from;
        }
}

static void walk_position(GptLayout *layout, const Gpt *gpt, Tape *tape, int pos)
{
    LayoutPosition *p = &layout->position[pos];

    p->from = pos == 0 ? 0 : p[-1].to + 1; /* after the visit that adds the loss before */
    p->to = p->from + tape_walk(tape, loss_of(gpt, pos), p->begin.nodes, tape->order + p->from);
    tape_mark_whole(tape, p->from, p->to);
    note_mixed(layout, tape, pos);
}

/* ---- positions ------------------------------------------------------------------------------- */

/* Records a position at its beginning, where recording stands. */
static void record(GptLayout *layout, Gpt *gpt, Tape *tape, int pos, int token, int target)
{
    LayoutPosition *p = &layout->position[pos];

    gpt->positions = pos;
    p->begin = here(gpt, tape);
    gpt_record_predicted(gpt, tape, token, target, pos);
    p->end = here(gpt, tape);
    p->head = gpt_span(gpt, (Place){PART_LOGITS, pos, -1, -1})->first;
    p->token = token;
    p->target = target;
}

static void forget(GptLayout *layout, Gpt *gpt, Tape *tape)
{
    gpt_clear(gpt, tape);
    layout->options = gpt->options;
    layout->recorded = 0;
    layout->numbers = 0;
    layout->covered_nodes = 0;
    for (int room = 0; room < layout->rooms; room++)
        layout->kept_of[room] = -1;
}

static void record_more(GptLayout *layout, Gpt *gpt, Tape *tape, const int *tokens, int positions)
{
    if (layout->recorded > 0)
        go_to(gpt, tape, layout->position[layout->recorded - 1].end);
    tape->numbers = layout->numbers;
    for (int pos = layout->recorded; pos < positions; pos++) {
        record(layout, gpt, tape, pos, tokens[pos], tokens[pos + 1]);
        walk_position(layout, gpt, tape, pos);
    }
    layout->recorded = positions > layout->recorded ? positions : layout->recorded;
    layout->numbers = tape->numbers;
}

/* Stands after the first so many positions, as if nothing else had been recorded. */
static void stand_after(const GptLayout *layout, Gpt *gpt, Tape *tape, int positions)
{
    gpt->positions = positions;
    go_to(gpt, tape, layout->position[positions - 1].end);
}

/* Where an option leaves the embedding without nodes of its own, all that reads it is recorded
 * again. */
static void change_token(GptLayout *layout, Gpt *gpt, Tape *tape, int pos, int token)
{
    LayoutPosition *p = &layout->position[pos];
    LayoutPoint embed = place_begin(gpt, tape, PART_EMBED, pos);

    if (gpt->span[embed.spans].end > embed.nodes) {
        go_to(gpt, tape, embed);
        gpt_record_embed(gpt, tape, token, pos);
        p->token = token;
    } else {
        go_to(gpt, tape, p->begin);
        record(layout, gpt, tape, pos, token, p->target);
        tape_mark_whole(tape, p->from, p->to);
    }
}

static void change_target(GptLayout *layout, Gpt *gpt, Tape *tape, int pos, int target)
{
    go_to(gpt, tape, place_begin(gpt, tape, PART_LOSS, pos));
    gpt_record_loss(gpt, tape, target, pos);
    layout->position[pos].target = target;
    put_head(layout, gpt, tape, pos);
}

static void change_position(GptLayout *layout, Gpt *gpt, Tape *tape, int pos, int token, int target)
{
    stand_after(layout, gpt, tape, pos + 1);
    if (token != layout->position[pos].token)
        change_token(layout, gpt, tape, pos, token);
    stand_after(layout, gpt, tape, pos + 1);
    if (target != layout->position[pos].target)
        change_target(layout, gpt, tape, pos, target);
}

/* ---- the end of a document ------------------------------------------------------------------- */

/* Keeps what of the next position the end of a document is about to be recorded over. */
static void cover(GptLayout *layout, const Gpt *gpt, const Tape *tape, int positions)
{
    const int32_t nodes = layout->position[layout->recorded - 1].end.nodes - tape->count;

    layout->end = here(gpt, tape);
    layout->covered_nodes = nodes < positions + 3 ? nodes : positions + 3;
    memcpy(layout->covered, tape->node + tape->count,
           (size_t)layout->covered_nodes * sizeof *layout->covered);
    if (nodes > 0) {
        layout->covered_span = gpt->span[gpt->spans];
        layout->covered_visit = tape->order[layout->position[positions].from];
    }
}

static void uncover(GptLayout *layout, Gpt *gpt, Tape *tape, int positions)
{
    memcpy(tape->node + layout->end.nodes, layout->covered,
           (size_t)layout->covered_nodes * sizeof *layout->covered);
    if (layout->covered_nodes > 0) {
        gpt->span[layout->end.spans] = layout->covered_span;
        tape->order[layout->position[positions].from] = layout->covered_visit;
    }
    layout->covered_nodes = 0;
}

/* The mean of the losses, with its visits: one after each position, and the last. */
static int32_t record_end(GptLayout *layout, Gpt *gpt, Tape *tape, int positions)
{
    const int32_t first = tape->count, loss = gpt_record_mean_loss(gpt, tape);
    const LayoutPosition *last = &layout->position[positions - 1];
    const int32_t visits = tape_walk(tape, loss, first, layout->tail);

    assert(visits == positions + 1);
    (void)visits; /* without assertions nobody asks */
    for (int pos = 0; pos < positions; pos++)
        tape->order[layout->position[pos].to] = layout->tail[pos];
    tape->order[last->to + 1] = tape->root = loss;
    tape->order_count = last->to + 2;
    return loss;
}

int32_t gpt_layout_document(GptLayout *layout, Gpt *gpt, Tape *tape, const int *tokens,
                            int positions)
{
    if (layout->recorded == 0 ||
        !settings_same_part(&layout->options, &gpt->options, SETTING_GRAPH))
        forget(layout, gpt, tape);
    uncover(layout, gpt, tape, gpt->positions);
    record_more(layout, gpt, tape, tokens, positions);
    for (int pos = 0; pos < positions; pos++)
        change_position(layout, gpt, tape, pos, tokens[pos], tokens[pos + 1]);
    stand_after(layout, gpt, tape, positions);
    cover(layout, gpt, tape, positions);
    return record_end(layout, gpt, tape, positions);
}
