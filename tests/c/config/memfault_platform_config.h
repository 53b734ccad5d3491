/* The C tests run with the defaults of every option. */
#pragma once
