#include "engine/place.h"

#include "engine/words.h"
#include <stdio.h>
#include <string.h>

const PartInfo place_parts[PART_COUNT] = {
    [PART_EMBED] = {"embed", "", N_("embedding"), "x = wte[token] + wpe[position]", false, false},
    [PART_NORM] = {"norm", "", N_("normalised embedding"), "x / √(mean(x²) + ε)", false, false},
    [PART_ATTN_NORM] = {"norm", "attn.", N_("input of attention"), "x / √(mean(x²) + ε)", true,
                        false},
    [PART_Q] = {"q", "attn.", N_("query"), "q = W_Q x", true, false},
    [PART_K] = {"k", "attn.", N_("key"), "k = W_K x", true, false},
    [PART_V] = {"v", "attn.", N_("value"), "v = W_V x", true, false},
    [PART_SCORE] = {"score", "attn.", N_("score"), "q · k_t / √d", true, true},
    [PART_WEIGHT] = {"weight", "attn.", N_("attention weight"), "softmax(scores)", true, true},
    [PART_OUT] = {"out", "attn.", N_("weighted sum of values"), "Σ_t weight_t v_t", true, true},
    [PART_PROJ] = {"proj", "attn.", N_("output of attention"), N_("W_O (heads joined)"), true,
                   false},
    [PART_ATTN_RESIDUAL] = {"residual", "attn.", N_("residual after attention"), "x + attention(x)",
                            true, false},
    [PART_MLP_NORM] = {"norm", "mlp.", N_("input of the MLP"), "x / √(mean(x²) + ε)", true, false},
    [PART_FC1] = {"fc1", "mlp.", N_("first linear layer"), "h = W_1 x", true, false},
    [PART_RELU] = {"relu", "mlp.", "ReLU", "max(0, h)", true, false},
    [PART_FC2] = {"fc2", "mlp.", N_("second linear layer"), "W_2 h", true, false},
    [PART_MLP_RESIDUAL] = {"residual", "mlp.", N_("residual after the MLP"), "x + MLP(x)", true,
                           false},
    [PART_LOGITS] = {"logits", "", N_("logits"), "W x", false, false},
    [PART_PROBS] = {"probs", "", N_("probabilities"), "softmax(logits)", false, false},
    [PART_LOSS] = {"loss", "", N_("loss of the position"), N_("-ln P(next token)"), false, false},
    [PART_MEAN_LOSS] = {"loss", "", N_("loss"), N_("mean of the positions' losses"), false, false},
};

int place_name(Place place, char *text, size_t size)
{
    const PartInfo *part = &place_parts[place.part];

    if (place.part == PART_MEAN_LOSS)
        return snprintf(text, size, "%s", part->name);
    if (part->in_head)
        return snprintf(text, size, "pos%d.layer%d.%shead%d.%s", place.pos, place.layer,
                        part->group, place.head, part->name);
    if (part->in_layer)
        return snprintf(text, size, "pos%d.layer%d.%s%s", place.pos, place.layer, part->group,
                        part->name);
    return snprintf(text, size, "pos%d.%s", place.pos, part->name);
}

/* Reads "WORD<number>." at the start of *text; returns false and reads nothing if it is not there.
 */
static bool read_numbered(const char **text, const char *word, int *number)
{
    int length = 0, value = 0, digits = 0;
    size_t skip = strlen(word);

    if (strncmp(*text, word, skip) != 0)
        return false;
    for (length = (int)skip; (*text)[length] >= '0' && (*text)[length] <= '9' && digits < 8;
         length++, digits++)
        value = value * 10 + ((*text)[length] - '0');
    if (digits == 0 || (*text)[length] != '.')
        return false;
    *text += length + 1;
    *number = value;
    return true;
}

bool place_parse(const char *text, size_t length, Place *place)
{
    char name[96];
    const char *rest = name;
    Place found = {PART_MEAN_LOSS, -1, -1, -1};

    if (length >= sizeof name || memchr(text, '\0', length))
        return false;
    memcpy(name, text, length);
    name[length] = '\0';
    bool at_pos = read_numbered(&rest, "pos", &found.pos);
    bool in_layer = at_pos && read_numbered(&rest, "layer", &found.layer);
    size_t group = strncmp(rest, "attn.", 5) == 0 ? 5 : strncmp(rest, "mlp.", 4) == 0 ? 4 : 0;
    const char *group_name = rest;
    rest += group;
    bool in_head = in_layer && read_numbered(&rest, "head", &found.head);
    for (int part = 0; part < PART_COUNT; part++) {
        const PartInfo *info = &place_parts[part];
        if (strcmp(info->name, rest) == 0 && info->in_layer == in_layer &&
            info->in_head == in_head && strlen(info->group) == group &&
            strncmp(info->group, group_name, group) == 0 && (part != PART_MEAN_LOSS) == at_pos) {
            found.part = (Part)part;
            *place = found;
            return true;
        }
    }
    return false;
}

bool place_same(Place a, Place b)
{
    return a.part == b.part && a.pos == b.pos && a.layer == b.layer && a.head == b.head;
}
