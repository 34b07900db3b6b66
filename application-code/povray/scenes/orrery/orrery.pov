// A lamp and three planets, which go around it once while `clock` runs from 0 to 1.
#version 3.7;

global_settings { assumed_gamma 1.0 }

camera { location <0, 4.2, -8.5> look_at <0, -0.2, 0> angle 46 right x * 240 / 180 }
background { rgb <0.02, 0.03, 0.06> }
light_source { 0 rgb <1.3, 1.15, 0.9> }
light_source { <-8, 12, -10> rgb 0.35 }

plane {
  y, -1.4
  pigment { checker rgb <0.13, 0.15, 0.2>, rgb <0.22, 0.25, 0.32> scale 1.2 }
  finish { reflection 0.12 }
}

sphere {
  0, 0.7
  pigment { rgb <1, 0.82, 0.4> }
  finish { ambient 0 emission 0.9 }
  no_shadow
}

#macro Planet(Distance, Radius, Colour, Turns, Start)
  #local Angle = 360 * (Turns * clock + Start);
  sphere {
    0, Radius
    pigment { agate scale Radius color_map { [0 Colour] [1 Colour * 0.45 + 0.25] } }
    finish { specular 0.4 roughness 0.03 }
    rotate y * Angle
    translate x * Distance
    rotate y * -Angle
  }
  torus { Distance, 0.025 pigment { rgb <0.5, 0.42, 0.25> } finish { specular 0.6 metallic } }
#end

Planet(1.5, 0.26, rgb <0.9, 0.35, 0.2>, 2, 0.15)
Planet(2.4, 0.38, rgb <0.2, 0.5, 0.85>, 1, 0.55)
Planet(3.4, 0.3, rgb <0.45, 0.75, 0.35>, 1, 0.85)
