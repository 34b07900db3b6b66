/**
 * Prices in US dollars for us-east-1, Linux on ARM64, as published for the month that `asOf` names.
 */
export const PRICES = {
  asOf: 'November 2026',
  region: 'us-east-1',
  vcpuHour: 0.03238,
  gbHour: 0.00356,
  /** Spot moves with the market between 50 and 70 % less; the smaller discount is assumed. */
  spotDiscount: 0.5,
  publicIpv4Hour: 0.005,
  s3PutPerMillion: 5,
  s3GetPerMillion: 0.4,
  sqsPerMillion: 0.4,
  lambdaPerMillion: 0.2,
  lambdaGbSecond: 0.0000133334,
} as const;
