using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>Puts images into one matrix, and keeps count of what had to be done to them.</summary>
/// <param name="resize">The size that they are brought to; null: they must have one size.</param>
internal sealed class ImageStack((int Height, int Width)? resize)
{
    private const int Padding = 32;
    private int _alpha, _turned, _resized, _deep, _storedInColor, _storedGray, _all;
    private string? _firstColored;
    private string _first = "";

    /// <summary>The shape of all images, known after the first part; its channels follow from the training images.</summary>
    public ImageShape? Shape { get; private set; }

    /// <summary>Reads images. Those of the first part decide on size and channels, which all others must have.</summary>
    /// <param name="files">The images, in the order of the rows.</param>
    /// <exception cref="DataSourceException">A file cannot be read, or memory does not suffice.</exception>
    /// <exception cref="DataFormatException">
    /// A file is damaged, or of another size, or of colors where training images are gray.
    /// </exception>
    public Matrix Read(IReadOnlyList<string> files)
    {
        var isFirst = Shape is null;
        Matrix? inputs = null;
        foreach (var (row, file) in files.Index())
        {
            var image = SourceFiles.Read(file, ImageDecoder.Read).GrayIfItIs();
            Count(image);
            if (Shape is null)
            {
                Shape = resize is var (height, width) ? new ImageShape(height, width) : image.Shape with { Channels = 1 };
                _first = file;
            }

            if (image.Channels == 3 && Shape.Value.Channels == 1)
            {
                if (!isFirst)
                {
                    throw new DataFormatException(file, null, "the image has colors, but all training images are gray; turn it into gray, or train on images in color");
                }

                Shape = Shape.Value with { Channels = 3 };
                _firstColored = file;
                inputs = inputs is { } gray ? Colored(gray, row, files.Count) : null;
            }

            inputs ??= New(files.Count);
            Place(image, file, inputs.Value.Row(row));
        }

        return inputs ?? throw new ArgumentException("there are no images", nameof(files));
    }

    /// <summary>One row of numbers for an image.</summary>
    /// <param name="image">The image; not in color if the rows are gray.</param>
    /// <param name="file">Its name.</param>
    /// <param name="row">Where to write.</param>
    private void Place(DecodedImage image, string file, Span<float> row)
    {
        var shape = Shape!.Value;
        if (image.Height == shape.Height && image.Width == shape.Width)
        {
            image.Write(row);
            return;
        }

        if (resize is not { } size)
        {
            throw new DataFormatException(file, null,
                $"the image is {image.Height} × {image.Width} pixels, but {_first} is {shape.Height} × {shape.Width}; all images must "
                    + $"have the same size; resize them with data.resize, e.g. --resize {shape.Height}x{shape.Width}");
        }

        _resized++;
        var pixels = new float[image.Height * image.Width * shape.Channels];
        image.Write(pixels);
        ImageResize.Apply(pixels, image.Shape with { Channels = shape.Channels }, size).CopyTo(row);
    }

    private void Count(DecodedImage image)
    {
        _all++;
        _alpha += image.HadAlpha ? 1 : 0;
        _turned += image.Exif != Orientation.Upright ? 1 : 0;
        _deep += image.White > 255 ? 1 : 0;
        _storedInColor += image.StoredInColor ? 1 : 0;
        _storedGray += image.Channels == 1 && !image.StoredInColor ? 1 : 0;
    }

    /// <summary>What was done, in one line each.</summary>
    public IEnumerable<string> Remarks()
    {
        var shape = Shape!.Value;
        yield return shape.Channels == 1
            ? $"{_all} gray images of {shape.Height} × {shape.Width} pixels: one number a pixel, its gray value ∕ {White}"
            : $"{_all} color images of {shape.Height} × {shape.Width} pixels: all red values, then green, then blue, each ∕ {White}";
        if (shape.Channels == 1 && _storedInColor > 0)
        {
            yield return $"{_storedInColor} of {_all} images are stored in color, but all their pixels are gray: read as gray";
        }

        if (shape.Channels == 3 && _storedGray > 0)
        {
            yield return $"{_storedGray} of {_all} images are stored as gray, others in color (e.g. {_firstColored}): their gray value stands for red, green and blue";
        }

        if (_resized > 0)
        {
            yield return $"{_resized} of {_all} images were brought to {shape.Height} × {shape.Width} pixels, whatever their proportions";
        }

        if (_turned > 0)
        {
            yield return $"{_turned} of {_all} images were turned upright, as their EXIF orientation says";
        }

        if (_alpha > 0)
        {
            yield return $"{_alpha} of {_all} images have an alpha channel that is opaque everywhere: left out";
        }
    }

    /// <summary>By each file's own type: white is 1, whatever the depth.</summary>
    private string White => _deep == 0 ? "255" : _deep == _all ? "65535" : $"255 (of {_deep} images with 16 bits: 65535)";

    private Matrix New(int count)
    {
        var numbers = (long)Shape!.Value.Height * Shape.Value.Width * Shape.Value.Channels;
        var memory = MemoryBudget.Most;
        if ((numbers + Padding) * count > Array.MaxLength || (numbers + Padding) * count * sizeof(float) > memory / 2)
        {
            throw new DataSourceException(
                $"{count} images of {Shape.Value.Height} × {Shape.Value.Width} pixels would take {numbers * count * sizeof(float) / 1e9:0.0} GB, and half of the {MemoryBudget.Text(memory)} that may be used is the most; " +
                "make them smaller with data.resize, e.g. --resize 32x32, or give fewer");
        }

        return new Matrix(count, (int)numbers);
    }

    /// <summary>The first colored image has come after gray ones: those get three equal channels.</summary>
    private Matrix Colored(Matrix gray, int rows, int count)
    {
        var colored = New(count);
        for (var row = 0; row < rows; row++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                gray.Row(row).CopyTo(colored.Row(row)[(channel * gray.Columns)..]);
            }
        }

        return colored;
    }
}
