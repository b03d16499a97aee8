// @ts-check
/**
 * The viridis colour scale (van der Walt and Smith, CC0), as the sixth-degree fit by Matt Zucker (CC0,
 * https://www.shadertoy.com/view/WlfXRN); its largest difference from Matplotlib's table is below 1 %.
 */
const COEFFICIENTS = [
  [0.2777273272234177, 0.005407344544966578, 0.3340998053353061],
  [0.1050930431085774, 1.404613529898575, 1.384590162594685],
  [-0.3308618287255563, 0.214847559468213, 0.09509516302823659],
  [-4.634230498983486, -5.799100973351585, -19.33244095627987],
  [6.228269936347081, 14.17993336680509, 56.69055260068105],
  [4.776384997670288, -13.74514537774601, -65.35303263337234],
  [-5.435455855934631, 4.645852612178535, 26.3124352495832],
];

/** 256 colours from low to high, as the 32-bit pixels of an ImageData (little-endian ABGR). */
export const VIRIDIS = Uint32Array.from({ length: 256 }, (_, index) => {
  const [red, green, blue] = [0, 1, 2].map((channel) => channelAt(index / 255, channel));
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
});

/**
 * @param {number} t  0..1
 * @param {number} channel
 */
function channelAt(t, channel) {
  const value = COEFFICIENTS.reduceRight((sum, coefficient) => sum * t + coefficient[channel], 0);
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}
