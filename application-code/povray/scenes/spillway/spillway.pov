// A dam, its three gates, and what they let through.
#version 3.7;
#include "stone.inc"

global_settings { assumed_gamma 1.0 max_trace_level 8 }

camera { location <7, 5.2, -14> look_at <0.3, 1.5, -1> angle 50 right x * 480 / 300 }
light_source { <30, 40, -35> rgb 1.1 }
light_source { <-30, 20, -20> rgb 0.25 shadowless }

sky_sphere {
  pigment {
    gradient y
    color_map { [0.0 rgb <0.86, 0.9, 0.9>] [0.15 rgb <0.5, 0.7, 0.9>] [1 rgb <0.16, 0.36, 0.66>] }
  }
}

// The river below.
plane {
  y, 0
  pigment { rgb <0.05, 0.16, 0.2> }
  normal { ripples 0.12 translate <0, 0, -2> scale 1.3 turbulence 0.3 }
  finish { reflection { 0.15, 0.7 fresnel } conserve_energy diffuse 0.4 specular 0.5 }
  interior { ior 1.33 }
}

#declare Gates = array[3] { -4, 0, 4 }

difference {
  union {
    box { <-20, -1, 0>, <20, 4.2, 2.5> }
    box { <-20, 4.2, -0.25>, <20, 4.6, 2.75> }
  }
  #for (I, 0, 2)
    box { <Gates[I] - 1.1, 2.2, -1>, <Gates[I] + 1.1, 3.4, 4> }
    cylinder { <Gates[I], 3.4, -1>, <Gates[I], 3.4, 4>, 1.1 scale <1, 1, 1> }
  #end
  texture { Stone }
}

// A sheet of water bends over the sill and falls.
#for (I, 0, 2)
  intersection {
    torus { 1.9, 0.12 rotate z * 90 scale <12, 1.15, 0.8> translate <Gates[I], 0.22, 0.1> }
    box { <Gates[I] - 1.05, -0.1, -4>, <Gates[I] + 1.05, 6, 0.4> }
    pigment { rgbt <0.75, 0.9, 0.97, 0.35> }
    normal { bumps 0.5 scale <0.08, 1.2, 0.2> }
    finish { specular 0.8 roughness 0.02 diffuse 0.7 reflection 0.08 }
  }
  // Foam where it lands.
  #local R = seed(7 + I);
  #for (J, 0, 60)
    sphere {
      <Gates[I] + (rand(R) - 0.5) * 2.6, 0.02, -1.45 - rand(R) * 0.9>, 0.06 + rand(R) * 0.12
      pigment { rgb 0.95 }
      finish { diffuse 0.7 ambient 0.15 }
    }
  #end
#end

// What floats by: three buoys.
#macro Buoy(P, C)
  union {
    sphere { 0, 0.42 pigment { C } }
    torus { 0.42, 0.07 pigment { rgb 0.9 } }
    cylinder { 0, y * 0.9, 0.05 pigment { rgb 0.2 } }
    sphere { y * 0.95, 0.1 pigment { rgb <1, 0.85, 0.3> } finish { ambient 0.6 } }
    finish { specular 0.6 roughness 0.01 reflection 0.05 }
    rotate z * 8
    translate P + y * 0.1
  }
#end
Buoy(<-2.2, 0, -5.2>, rgb <0.85, 0.16, 0.12>)
Buoy(<1.6, 0, -4.4>, rgb <0.95, 0.55, 0.1>)
Buoy(<4.3, 0, -4.6>, rgb <0.1, 0.4, 0.3>)
