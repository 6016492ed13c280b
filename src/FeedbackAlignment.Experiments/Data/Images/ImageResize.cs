using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>
/// Brings images to one size. Each new pixel is a weighted mean of the pixels around its place (triangle filter, as wide as a new pixel
/// where the image gets smaller), so that nothing is skipped. Summed in double, in a fixed order: the same bits everywhere.
/// </summary>
internal static class ImageResize
{
    /// <summary>Another height and width; the proportions may change.</summary>
    /// <param name="pixels">channels × height × width.</param>
    /// <param name="from">Their shape.</param>
    /// <param name="to">The new height and width.</param>
    /// <returns>channels × new height × new width.</returns>
    public static float[] Apply(ReadOnlySpan<float> pixels, ImageShape from, (int Height, int Width) to)
    {
        var (across, down) = (Weights(from.Width, to.Width), Weights(from.Height, to.Height));
        var narrow = new double[from.Channels * from.Height * to.Width];
        for (var row = 0; row < from.Channels * from.Height; row++)
        {
            for (var x = 0; x < to.Width; x++)
            {
                var sum = 0.0;
                foreach (var (column, weight) in across[x])
                {
                    sum += weight * pixels[row * from.Width + column];
                }

                narrow[row * to.Width + x] = sum;
            }
        }

        var resized = new float[from.Channels * to.Height * to.Width];
        for (var place = 0; place < resized.Length; place++)
        {
            var (channel, y, x) = (place / to.Width / to.Height, place / to.Width % to.Height, place % to.Width);
            var sum = 0.0;
            foreach (var (row, weight) in down[y])
            {
                sum += weight * narrow[(channel * from.Height + row) * to.Width + x];
            }

            resized[place] = (float)Math.Clamp(sum, 0, 1);
        }

        return resized;
    }

    /// <summary>For each new place, the old places that it is a mean of, and how much each counts.</summary>
    private static (int Place, double Weight)[][] Weights(int from, int to)
    {
        var scale = (double)from / to;
        var reach = Math.Max(1, scale);
        return [.. Enumerable.Range(0, to).Select(place =>
        {
            var center = (place + 0.5) * scale;
            var (first, last) = (Math.Max(0, (int)(center - reach)), Math.Min(from - 1, (int)(center + reach)));
            (int Place, double Weight)[] near = [.. Enumerable.Range(first, last - first + 1).Select(old => (old, Math.Max(0, 1 - Math.Abs(old + 0.5 - center) / reach)))];
            var sum = near.Sum(each => each.Weight);
            return near.Where(each => each.Weight > 0).Select(each => (each.Place, each.Weight / sum)).ToArray();
        })];
    }
}
