/* Why a gradient is what it is: the sum over the users of its node, in the order in which the
 * backward pass visits them. */
#include "app/expr.h"
#include "app/why_kind.h"
#include "engine/basis.h"
#include "engine/words.h"

/* The node whose gradients they are; -1: a graph whose end is more than one number has none. */
static int32_t root_of(const Why *why)
{
    return why_tape(why)->root;
}

/* A way to go over the users of a node: each of its inputs that the node is, as it is visited. */
typedef struct Users {
    int32_t node, left; /* nodes of the order before this one are still to be looked at */
    int32_t user;
    int input;
} Users;

static Users users_of(const Why *why, int32_t node)
{
    return (Users){.node = node, .left = why_tape(why)->order_count, .input = 1};
}

static bool next_user(const Why *why, Users *users)
{
    const Tape *tape = why_tape(why);

    for (;;) {
        if (users->input == 1) {
            if (users->left == 0)
                return false;
            users->user = tape->order[--users->left];
            users->input = 0;
        } else {
            users->input = 1;
        }
        if (tape_input(tape, users->user, users->input) == users->node &&
            tape_hands_on(tape, users->user, users->input))
            return true;
    }
}

/* The user that was just found has handed its gradient on by now. */
static bool is_visited(const Why *why, const Users *users)
{
    return users->left >= why->cursor;
}

/* The moment when the visit of order[i] is done; i = order_count: before the first. */
static Moment after_visit(const Why *why, int32_t i)
{
    const Tape *tape = why_tape(why);
    int64_t visits = 0;

    for (int32_t k = tape->order_count; k-- > i;)
        visits += tape_ops[tape->node[tape->order[k]].op].inputs > 0;
    return why_moment_after(why, PHASE_BACKWARD, visits);
}

static double share_of(const Why *why, int32_t user, int input)
{
    double g = why->numbers.grad[user];

    if (why_tape(why)->node[user].op == OP_ADD)
        return g;
    return tape_slope(why_tape(why), why->value, user, input) * g;
}

/* ---- backward passes with a bug: engine/backward.h ------------------------------------------- */

static Settings settings_of_pass(const Why *why)
{
    return basis_settings(why->scope.history,
                          (Moment){why_trainer(why)->tape_step, PHASE_BACKWARD, 0});
}

static bool is_overwritten(const Why *why)
{
    return !why->own && !settings_of_pass(why).accumulate;
}

/* A parameter whose gradient began with that of the step before. */
static bool is_carried(const Why *why, int32_t node)
{
    return !why->own && node < why_tape(why)->params && !settings_of_pass(why).zero_grad;
}

/* An option has cut all the paths over which a gradient would come. */
static bool is_cut(const Why *why, int32_t node)
{
    const Tape *tape = why_tape(why);

    for (int32_t i = 0; i < tape->order_count; i++)
        if (tape_input(tape, tape->order[i], 1) == node && !tape_hands_on(tape, tape->order[i], 1))
            return true;
    return false;
}

/* ---- the gradient of a node ------------------------------------------------------------------ */

void why_look_gradient(const Why *why, WhyItem *item)
{
    Users users = users_of(why, item->node);

    item->known = why->numbers.graded;
    item->here = item->known && why_is_named(why, item->node);
    item->value = why->numbers.grad[item->node];
    item->leaf = !next_user(why, &users);
}

void why_gradient_label(const Why *why, const WhyItem *item, WhyText *text)
{
    why_put(text, "grad(");
    why_put_name(why, text, item->node);
    why_put(text, ")");
}

/* As an expression. */
void why_gradient_there(const Why *why, const WhyItem *item, WhyText *text)
{
    if (why_is_named(why, item->node))
        why_gradient_label(why, item, text);
}

void why_gradient_formula(const Why *why, const WhyItem *item, WhyText *text)
{
    if (item->node == root_of(why))
        why_put(text, why->own ? _("1, by definition") : "d loss / d loss");
    else if (is_overwritten(why))
        why_put(text, item->leaf ? "" : _("slope × gradient of the user that was visited last"));
    else if (is_carried(why, item->node))
        why_put(text, _("gradient of the step before + sum over users of slope × their gradient"));
    else if (!item->leaf)
        why_put(text, _("sum over its users of slope × gradient of the user"));
}

static void put_share(const Why *why, WhyText *text, int32_t user, int input)
{
    if (why_tape(why)->node[user].op != OP_ADD) {
        why_put_number(text, tape_slope(why_tape(why), why->value, user, input));
        why_put(text, " * ");
    }
    why_put_number(text, why->numbers.grad[user]);
}

/* With = in the place of +=: only the last share is left. */
static void put_last_share(const Why *why, int32_t node, WhyText *text)
{
    Users users = users_of(why, node), last = users;
    bool any = false;

    for (; next_user(why, &users) && is_visited(why, &users); last = users)
        any = true;
    if (any)
        put_share(why, text, last.user, last.input);
}

static double carried_of(const Why *why, int32_t node)
{
    return is_carried(why, node) ? basis_carried(why->scope.history, node) : 0;
}

void why_gradient_filled(const Why *why, const WhyItem *item, WhyText *text)
{
    Users users = users_of(why, item->node);

    if (is_overwritten(why) && item->node != root_of(why) && next_user(why, &users) &&
        is_visited(why, &users)) {
        put_last_share(why, item->node, text);
        return;
    }
    users = users_of(why, item->node);
    why_put_number(text, item->node == root_of(why) ? 1 : carried_of(why, item->node));
    while (next_user(why, &users) && is_visited(why, &users)) {
        why_put(text, " + ");
        put_share(why, text, users.user, users.input);
    }
}

static void put_when(const Why *why, WhyText *text)
{
    char moment[64];

    if (root_of(why) < 0) {
        why_put(text, _("there are no gradients: the last statement is more than one number"));
    } else if (why->own) {
        why_put(text, _("not computed yet: first comes the forward pass"));
    } else {
        moment_print((Moment){why_trainer(why)->tape_step, PHASE_BACKWARD, 0}, moment,
                     sizeof moment);
        why_put(text, _("not computed yet: the backward pass begins at %s"), moment);
    }
}

/* "3 of 16 users so far" */
void why_gradient_note(const Why *why, const WhyItem *item, WhyText *text)
{
    Users users = users_of(why, item->node);
    int visited = 0, all = 0;

    for (; next_user(why, &users); all++)
        visited += is_visited(why, &users);
    if (!item->known)
        put_when(why, text);
    else if (item->node == root_of(why))
        why_put(text, _("where the backward pass begins"));
    else if (all == 0 && is_cut(why, item->node))
        why_put(text, _("its users hand no gradient to it: k_gradient or v_gradient is off"));
    else if (all == 0)
        why_put(text, why->own ? _("the root does not depend on it")
                               : _("the loss does not depend on it"));
    else if (visited < all)
        why_put(text, _("%d of %d users so far"), visited, all);
    else
        why_put(text, words_count("%d user", "%d users", (unsigned long)all), all);
}

/* When the last of its users was visited; of those so far, during the pass. */
bool why_gradient_moment(const Why *why, const WhyItem *item, Moment *moment)
{
    Users users = users_of(why, item->node);
    int32_t last = why_tape(why)->order_count;

    while (next_user(why, &users) && (is_visited(why, &users) || !item->known))
        last = users.left;
    *moment = after_visit(why, last);
    return true;
}

void why_open_gradient(Why *why, const WhyItem *item)
{
    Users users = users_of(why, item->node);

    while (next_user(why, &users))
        why_add(why, (WhyItem){.kind = WHY_USE,
                               .known = is_visited(why, &users),
                               .node = item->node,
                               .user = users.user,
                               .input = users.input});
}

/* ---- one user's share ------------------------------------------------------------------------ */

/* known: whoever made the item knows whether the user is visited. */
void why_look_use(const Why *why, WhyItem *item)
{
    item->here = item->known && why_is_named(why, item->user);
    item->value = item->known ? share_of(why, item->user, item->input) : 0;
}

void why_use_label(const Why *why, const WhyItem *item, WhyText *text)
{
    why_put(text, _("through "));
    why_put_name(why, text, item->user);
}

void why_use_formula(const Why *why, const WhyItem *item, WhyText *text)
{
    (void)why;
    (void)item;
    why_put(text, _("slope × gradient of the user"));
}

void why_use_filled(const Why *why, const WhyItem *item, WhyText *text)
{
    put_share(why, text, item->user, item->input);
}

/* The slope is a plain number: what it is computed from may be written over. */
void why_use_there(const Why *why, const WhyItem *item, WhyText *text)
{
    if (!why_has_value(why, item->user) || !why_is_named(why, item->user))
        return;
    if (why_tape(why)->node[item->user].op != OP_ADD) {
        why_put_number(text, tape_slope(why_tape(why), why->value, item->user, item->input));
        why_put(text, " * ");
    }
    why_put(text, "grad(");
    why_put_name(why, text, item->user);
    why_put(text, ")");
}

/* "mul in pos1.layer0.attn.q" */
void why_use_note(const Why *why, const WhyItem *item, WhyText *text)
{
    char place[96];

    why_put(text, "%s", tape_ops[why_tape(why)->node[item->user].op].name);
    if (!why->own) {
        place_name(gpt_span_of(&why_trainer(why)->gpt, item->user)->place, place, sizeof place);
        why_put(text, _(" in %s"), place);
    }
    why_put(text, item->known ? "" : _(", not added yet"));
}

bool why_use_moment(const Why *why, const WhyItem *item, Moment *moment)
{
    Users users = users_of(why, item->node);

    while (next_user(why, &users))
        if (users.user == item->user && users.input == item->input) {
            *moment = after_visit(why, users.left);
            return true;
        }
    return false;
}

void why_open_use(Why *why, const WhyItem *item)
{
    if (why_tape(why)->node[item->user].op != OP_ADD)
        why_add(why, (WhyItem){.kind = WHY_SLOPE, .user = item->user, .input = item->input});
    why_add(why, (WhyItem){.kind = WHY_GRADIENT, .node = item->user});
}

/* ---- slopes ---------------------------------------------------------------------------------- */

static const char *const slope_formulas[OP_COUNT] = {
    [OP_ADD] = "1",
    [OP_MUL] = N_("the other factor"),
    [OP_LOG] = "1 / a",
    [OP_POW] = "e × a ^ (e - 1)",
    [OP_EXP] = "e ^ a",
    [OP_RELU] = N_("1 where a > 0, else 0"),
    [OP_GELU] = N_("(1 + t) / 2 + a (1 - t²) t's slope / 2"),
    [OP_MUL_CUT] = N_("the other factor"),
};

void why_look_slope(const Why *why, WhyItem *item)
{
    item->known = why_has_value(why, item->user);
    item->value = item->known ? tape_slope(why_tape(why), why->value, item->user, item->input) : 0;
}

void why_slope_label(const Why *why, const WhyItem *item, WhyText *text)
{
    why_put(text, _("slope of "));
    why_put_name(why, text, item->user);
}

void why_slope_formula(const Why *why, const WhyItem *item, WhyText *text)
{
    why_put(text, "%s", _(slope_formulas[why_tape(why)->node[item->user].op]));
}

void why_slope_filled(const Why *why, const WhyItem *item, WhyText *text)
{
    const Tape *tape = why_tape(why);
    const TapeNode n = tape->node[item->user];
    double a = why->value[n.a];

    if (n.op == OP_POW) {
        double e = tape->number[n.b];
        why_put_number(text, e);
        why_put(text, " * ");
        why_put_base(text, a);
        why_put(text, " ^ ");
        why_put_number(text, e - 1);
    } else if (n.op == OP_LOG) {
        why_put(text, "1 / ");
        why_put_number(text, a);
    } else if (n.op == OP_EXP) {
        why_put(text, "exp(");
        why_put_number(text, a);
        why_put(text, ")");
    } else {
        why_put_number(text, item->value);
    }
}

static bool is_product(TapeNode n)
{
    return n.op == OP_MUL || n.op == OP_MUL_CUT;
}

/* What it is computed from: the other factor, e^a itself, or a. */
void why_open_slope(Why *why, const WhyItem *item)
{
    const TapeNode n = why_tape(why)->node[item->user];
    int32_t from = n.op == OP_EXP ? item->user : is_product(n) && item->input == 0 ? n.b : n.a;

    why_add(why, why_value_item(why, from));
}
