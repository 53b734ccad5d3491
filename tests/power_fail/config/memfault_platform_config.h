/* The defaults. */
#pragma once
