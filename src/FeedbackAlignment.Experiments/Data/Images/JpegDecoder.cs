using System.Buffers.Binary;
using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data.Images;

/// <summary>
/// Reads JPEG files, baseline and progressive, gray and color, to the very pixels that libjpeg-turbo gives. A file that is cut off or
/// damaged is refused where other programs fill the rest with gray.
/// </summary>
internal sealed class JpegDecoder
{
    private const int MostScans = 100, MostTables = 4;
    private readonly byte[] _file;
    private readonly string _source;
    private readonly ushort[]?[] _divisors = new ushort[MostTables][];
    private readonly JpegCode?[] _means = new JpegCode[MostTables], _details = new JpegCode[MostTables];
    private readonly List<JpegComponent> _components = [];
    private int _height, _width, _interval, _scans, _exif = Orientation.Upright;
    private bool _progressive, _isJfif;
    private int? _adobe;

    private JpegDecoder(byte[] file, string source) => (_file, _source) = (file, source);

    /// <summary>What every JPEG file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0xFF, 0xD8, 0xFF];

    private int UnitDown => _components.Max(component => component.Down);

    private int UnitAcross => _components.Max(component => component.Across);

    /// <summary>Reads an image.</summary>
    /// <param name="file">The whole file; it begins with JPEG's signature.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <exception cref="DataFormatException">
    /// The file is damaged, too large, or of a kind that is not read: CMYK, lossless, arithmetic coding, 12 bits.
    /// </exception>
    public static DecodedImage Decode(byte[] file, string source) => new JpegDecoder(file, source).Read();

    private DecodedImage Read()
    {
        var at = 2;
        while (true)
        {
            while (at + 1 < _file.Length && _file[at] == 0xFF && _file[at + 1] == 0xFF)
            {
                at++;
            }

            if (at + 1 >= _file.Length || _file[at] != 0xFF)
            {
                throw Wrong(at, at + 1 >= _file.Length ? "the JPEG file ends here, before its end mark: it is cut off" : "a marker must stand here: the file is damaged");
            }

            var marker = _file[at + 1];
            if (marker == 0xD9)
            {
                return Finish(at);
            }

            var length = at + 4 <= _file.Length ? BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(at + 2)) : 0;
            if (marker is 0 or 0x01 or (>= 0xD0 and <= 0xD8) || length < 2 || length > _file.Length - at - 2)
            {
                throw Wrong(at, $"the part that begins here (marker {marker:x2}) does not fit into the file: it is cut off or damaged");
            }

            var content = _file.AsSpan(at + 4, length - 2);
            at += 2 + length;
            at = marker == 0xDA ? Scan(content, at) : Segment(marker, content, at - content.Length);
        }
    }

    private int Segment(byte marker, ReadOnlySpan<byte> content, int at)
    {
        switch (marker)
        {
            case 0xC4:
                Codes(content, at);
                break;
            case 0xC0 or 0xC1 or 0xC2:
                Frame(content, at, marker == 0xC2);
                break;
            case >= 0xC3 and <= 0xCF:
                throw Wrong(at, $"the image is coded in a rare way (marker {marker:x2}: lossless, hierarchical or arithmetic); only baseline and progressive JPEG are read");
            case 0xDB:
                Divisors(content, at);
                break;
            case 0xDC:
                throw Wrong(at, "the image's height comes after its pixels; such files are not read");
            case 0xDD:
                _interval = content.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(content) : throw Wrong(at, "the restart interval must have 2 bytes");
                break;
            case 0xE0:
                _isJfif |= content.StartsWith("JFIF\0"u8);
                break;
            case 0xE1 when content.StartsWith("Exif\0\0"u8):
                _exif = Orientation.Read(content[6..]);
                break;
            case 0xEE when content.StartsWith("Adobe"u8) && content.Length >= 12:
                _adobe = content[11];
                break;
        }

        return at + content.Length;
    }

    private void Divisors(ReadOnlySpan<byte> content, int at)
    {
        while (content.Length > 0)
        {
            var (wide, number) = (content[0] >> 4, content[0] & 15);
            if (wide > 1 || number >= MostTables || content.Length < 1 + JpegTransform.Coefficients * (1 + wide))
            {
                throw Wrong(at, "the quantization table is damaged");
            }

            var table = new ushort[JpegTransform.Coefficients];
            for (var place = 0; place < table.Length; place++)
            {
                table[JpegScan.Place(place)] = wide == 0 ? content[1 + place] : BinaryPrimitives.ReadUInt16BigEndian(content[(1 + 2 * place)..]);
            }

            _divisors[number] = table;
            content = content[(1 + table.Length * (1 + wide))..];
        }
    }

    private void Codes(ReadOnlySpan<byte> content, int at)
    {
        const int lengths = 16;
        while (content.Length > 0)
        {
            var (kind, number) = (content[0] >> 4, content[0] & 15);
            var count = 0;
            for (var length = 1; length <= lengths && content.Length > lengths; length++)
            {
                count += content[length];
            }

            if (kind > 1 || number >= MostTables || count > 256 || content.Length < 1 + lengths + count)
            {
                throw Wrong(at, "the Huffman table is damaged");
            }

            (kind == 0 ? _means : _details)[number] = new JpegCode(content[1..(1 + lengths)], content.Slice(1 + lengths, count).ToArray(), _source, at);
            content = content[(1 + lengths + count)..];
        }
    }

    private void Frame(ReadOnlySpan<byte> content, int at, bool progressive)
    {
        if (_components.Count > 0 || content.Length < 6 || content.Length != 6 + 3 * content[5])
        {
            throw Wrong(at, _components.Count > 0 ? "the file has a second image in the first one" : "the header of the image is damaged");
        }

        (_height, _width, _progressive) = (BinaryPrimitives.ReadUInt16BigEndian(content[1..]), BinaryPrimitives.ReadUInt16BigEndian(content[3..]), progressive);
        DecodedImage.RequireSize(_height, _width, _source, at + 1);
        if (content[0] != 8 || content[5] is not (1 or 3))
        {
            throw Wrong(at, content[0] != 8 ? $"the image has {content[0]} bits for each number; only 8 are read" : content[5] == 4
                ? "the image has four colors (CMYK); turn it into RGB first, e.g. `magick IN.jpg -colorspace sRGB OUT.jpg`"
                : $"the image has {content[5]} components; only gray (1) and color (3) are read");
        }

        for (var place = 6; place < content.Length; place += 3)
        {
            // What is alone is not reduced against anything.
            var (across, down) = content[5] == 1 ? (1, 1) : (content[place + 1] >> 4, content[place + 1] & 15);
            if (across is < 1 or > 4 || down is < 1 or > 4 || content[place + 2] >= MostTables || _components.Any(component => component.Id == _file[at + place]))
            {
                throw Wrong(at + place, "the header of the image is damaged");
            }

            _components.Add(new JpegComponent(content[place], across, down, content[place + 2]));
        }

        Allocate(at);
    }

    /// <summary>Believes the header only as far as the file is long: no block takes less than a bit.</summary>
    private void Allocate(int at)
    {
        var (down, across) = (UnitDown, UnitAcross);
        if (_components.Any(component => down % component.Down != 0 || across % component.Across != 0))
        {
            throw Wrong(at, "the color subsampling factor is not a whole number; such files cannot be read");
        }

        if (_height * (long)_width / JpegTransform.Coefficients > 8L * _file.Length)
        {
            throw Wrong(at, $"the file has {_file.Length} bytes, too few for {_height} × {_width} pixels: it is cut off or damaged");
        }

        _components.ForEach(component => component.Allocate(_height, _width, down, across));
    }

    private int Scan(ReadOnlySpan<byte> content, int at)
    {
        var count = content.Length > 0 ? content[0] : 0;
        if (_components.Count == 0 || count is < 1 or > 3 || content.Length != 4 + 2 * count || ++_scans > MostScans)
        {
            throw Wrong(at, _scans > MostScans ? $"the file has more than {MostScans} scans" : "the header of the scan is damaged");
        }

        var (first, last, high, low) = _progressive ? (content[^3], content[^2], content[^1] >> 4, content[^1] & 15) : (0, 63, 0, 0);
        if (last > 63 || first > last || low > 13 || (high > 0 && high != low + 1) || (_progressive && (first == 0 ? last > 0 : count > 1)))
        {
            throw Wrong(at, "the header of the scan is damaged");
        }

        var components = new List<JpegComponent>();
        for (var place = 1; place <= 2 * count; place += 2)
        {
            var id = content[place];
            var component = _components.Find(each => each.Id == id);
            components.Add(component is not null && !components.Contains(component) ? component : throw Wrong(at, $"the scan is of component {id}, which the image does not have"));
            Prepare(component, content[place + 1], first, last, high, low, at);
        }

        var bits = new JpegBits(_file, at, _source);
        new JpegScan(bits, first, last, high > 0, low, _progressive).Read(
            components, JpegComponent.Ceiling(_height, 8 * UnitDown), JpegComponent.Ceiling(_width, 8 * UnitAcross), _interval);
        return bits.At;
    }

    private void Prepare(JpegComponent component, byte tables, int first, int last, int high, int low, int at)
    {
        component.Divisors ??= _divisors[component.Quantization] ?? throw Wrong(at, $"the image needs quantization table {component.Quantization}, which has not come");
        (component.Means, component.Details) = (_means[(tables >> 4) % MostTables], _details[tables % MostTables]);
        if ((first == 0 && high == 0 && component.Means is null) || (last > 0 && component.Details is null))
        {
            throw Wrong(at, "the scan needs a Huffman table that has not come");
        }

        for (var number = first; number <= last; number++)
        {
            if (component.Reached[number] != (high > 0 ? high : -1))
            {
                throw Wrong(at, "the scans do not follow each other: bits come twice, or some before those above them");
            }

            component.Reached[number] = low;
        }
    }

    private DecodedImage Finish(int at)
    {
        if (_components.Count == 0 || _components.Any(component => component.Reached.Any(reached => reached != 0)))
        {
            throw Wrong(at, _components.Count == 0 ? "the file has no image" : "the file ends here, but not all scans of the image have come");
        }

        var pixels = new ushort[_height * _width * _components.Count];
        foreach (var (channel, component) in _components.Index())
        {
            var plane = JpegPlanes.Enlarge(component, _height, _width, UnitDown / component.Down, UnitAcross / component.Across);
            for (var pixel = 0; pixel < plane.Length; pixel++)
            {
                pixels[pixel * _components.Count + channel] = plane[pixel];
            }
        }

        if (_components.Count == 3 && !IsRgb())
        {
            JpegPlanes.ToRgb(pixels);
        }

        return new DecodedImage(_height, _width, _components.Count, 255, pixels) { Exif = _exif };
    }

    /// <summary>Few files hold red, green and blue themselves; libjpeg tells them so.</summary>
    private bool IsRgb() => !_isJfif && (_adobe is { } transform ? transform == 0 : _components.Select(component => component.Id).SequenceEqual("RGB"u8.ToArray()));

    private DataFormatException Wrong(int at, string problem) => new(_source, at, problem);
}
