#include "view/view.h"

const View view_table[VIEW_COUNT] = {
    [VIEW_OVERVIEW] = {overview_draw, overview_tell, overview_about},
    [VIEW_GRAPH] = {view_graph_draw, view_graph_tell, view_graph_about},
    [VIEW_ATTENTION] = {view_attention_draw, view_attention_tell, view_attention_about},
    [VIEW_PARAMETERS] = {view_parameters_draw, view_parameters_tell, view_parameters_about},
    [VIEW_LOSS] = {view_loss_draw, view_loss_tell, view_loss_about},
    [VIEW_ADAM] = {view_adam_draw, view_adam_tell, view_adam_about},
    [VIEW_GENERATE] = {view_generate_draw, view_generate_tell, view_generate_about},
    [VIEW_DATA] = {view_data_draw, view_data_tell, view_data_about},
    [VIEW_MEMORY] = {view_memory_draw, view_memory_tell, view_memory_about},
};
