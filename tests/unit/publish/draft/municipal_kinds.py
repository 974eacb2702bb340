"""Thirty tables as municipalities publish them, made up here: each has its own kinds of trouble.

They are no copies of anybody's files. Names say what the table is; the words after the colon what
is hard about it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.unit.tabular.workbooks import DATE, Cell, ods, xlsx

Made = tuple[str, bytes]
"""The name of a file, and what is in it."""


def _csv(text: str, encoding: str = "cp932") -> bytes:
    return text.replace("\n", "\r\n").encode(encoding)


def library() -> Made:
    """図書館蔵書: an unknown kind, ISBN, a year, a classification with leading zeros."""
    return "toshokan_zosho.csv", _csv(
        "資料番号,書名,著者名,出版社,出版年,ISBN,分類記号,所蔵館,貸出状態\n"
        "0001023,坊っちゃん,夏目漱石,新潮社,2003,9784101010038,913.6,中央図書館,貸出中\n"
        "0001024,雪国,川端康成,新潮社,2006,978-4-10-100101-6,913.6,中央図書館,在架\n"
        "0001025,銀河鉄道の夜,宮沢賢治,角川書店,1996,9784041040034,913.6,東分館,在架\n"
        "0002001,讃岐の歴史,讃岐史談会,,1989,,291.82,中央図書館,禁帯出\n",
        "utf-8-sig",
    )


def districts() -> Made:
    """町別人口: a title and a unit above, two header rows, thousands, a sum and a note below."""
    return "jinko_machibetsu.csv", _csv(
        "町別人口及び世帯数（令和5年4月1日現在）,,,,\n"
        ",,,,単位：人\n"
        "町名,世帯数,人口,,\n"
        ",,総数,男,女\n"
        '番町,"1,234","2,345","1,100","1,245"\n'
        '昭和町,"987","1,876",900,976\n'
        '天神前,"1,002","1,950",950,1000\n'
        '合計,"3,223","6,171","2,950","3,221"\n'
        "※住民基本台帳による,,,,\n"
    )


def budget() -> Made:
    """予算: omitted cells, ▲, a fiscal year, an amount in thousands."""
    return "r5_yosan.csv", _csv(
        "年度,款,項,目,予算額（千円）,前年度予算額（千円）,増減（千円）\n"
        '令和5年度,民生費,社会福祉費,社会福祉総務費,"1,234,567","1,300,000","▲65,433"\n'
        '令和5年度,民生費,社会福祉費,老人福祉費,"987,654","900,000","87,654"\n'
        '令和5年度,民生費,児童福祉費,児童福祉総務費,"765,432","765,432",0\n'
        '令和5年度,土木費,道路橋りょう費,道路維持費,"345,678","400,000","△54,322"\n'
    )


def bus_stops() -> Made:
    """バス停: an id with letters, coordinates, several names."""
    return "bus_stop.csv", _csv(
        "stop_id,停留所名,停留所名カナ,緯度,経度,路線名,のりば\n"
        "T001-01,高松駅,タカマツエキ,34.3506,134.0470,市内循環線,1\n"
        "T001-02,高松駅,タカマツエキ,34.3507,134.0471,空港線,2\n"
        "T002-01,県庁通り,ケンチョウドオリ,34.3401,134.0433,市内循環線,\n",
        "utf-8",
    )


def crowding() -> Made:
    """避難所混雑: levels and moments that change."""
    return "hinanjo_konzatsu.csv", _csv(
        "施設名,所在地,収容可能人数,現在の避難者数,混雑状況,ペット同伴,最終更新\n"
        "番町小学校体育館,高松市番町二丁目1-1,450,120,空いています,可,2024/8/1 9:05\n"
        "栗林公民館,高松市栗林町二丁目3-4,80,78,混雑,不可,2024/8/1 9:10\n"
        "木太中学校体育館,高松市木太町2600,600,0,開設準備中,可,2024/8/1 8:55\n"
    )


def rubbish() -> Made:
    """ごみ収集カレンダー: weekdays in words, the second and fourth of a month."""
    return "gomi_calendar.csv", _csv(
        "地区コード,地区名,燃やせるごみ,プラスチック容器,缶・びん・ペットボトル,破砕ごみ\n"
        "01,亀阜,月・木,火,第2・4水曜日,第1金曜日\n"
        "02,栗林,火・金,水,第1・3木曜日,第2月曜日\n"
        "03,屋島東,月・木,金,第2・4火曜日,第3水曜日\n",
        "utf-8-sig",
    )


def swapped() -> Made:
    """公園: latitude and longitude changed places."""
    return "koen_ichiran.csv", _csv(
        "№,公園名,所在地,緯度,経度,面積(㎡),供用開始年月日,遊具の有無\n"
        "1,中央公園,高松市番町一丁目11-1,134.0462,34.3402,32000,昭和61年4月1日,有\n"
        "2,栗林北公園,高松市栗林町一丁目,134.0450,34.3330,1200,平成3年3月31日,無\n"
        "3,屋島西公園,高松市屋島西町,134.1010,34.3480,5400.5,令和元年10月1日,有\n"
    )


def tokyo_datum() -> Made:
    """消火栓: coordinates of the old Japanese datum, said in the heading."""
    return "shokasen.csv", _csv(
        "消火栓番号,設置場所,緯度（日本測地系）,経度（日本測地系）,口径,種別\n"
        "A-001,高松市番町一丁目8,34.3396,134.0492,65mm,地下式\n"
        "A-002,高松市丸の内2,34.3466,134.0518,75mm,地下式\n"
        "B-001,高松市塩上町,34.3370,134.0560,65mm,地上式\n"
    )


def extension_letters() -> Made:
    """事業所: CP932 with the letters that NEC and IBM added, numbers of corporations."""
    return "jigyosho.csv", _csv(
        "事業所番号,法人番号,法人名,事業所名,郵便番号,住所,電話番号,定員\n"
        "3770100011,7000020372013,㈱髙橋介護,デイサービス﨑山①,〒760-0017,高松市番町１丁目８－１５,（087）839-2011,２０人\n"
        "3770100029,,㈲彅野商店,グループホームⅣ,〒760-0068,高松市松島町１丁目１,087-831-0001,９人\n"
    )


def utf16() -> Made:
    """保育所: what a spreadsheet saves as Unicode text."""
    text = (
        "施設番号\t施設名\t種別\t所在地\t電話\t定員\t開所時間\t閉所時間\n"
        "1\t番町保育所\t公立保育所\t高松市番町1-1\t087-800-0001\t90\t7:30\t18:30\n"
        "2\t栗林こども園\t認定こども園\t高松市栗林町2-2\t087-800-0002\t120\t7:00\t19:00\n"
    )
    return "hoikusho.txt", b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")


def tabs() -> Made:
    """文化財: eras in four ways of writing, first years, tabs."""
    return "bunkazai.tsv", _csv(
        "番号\t名称\t区分\t種別\t所在地\t所有者\t指定年月日\n"
        "1\t栗林園\t国\t特別名勝\t栗林町\t香川県\t昭和28年3月31日\n"
        "2\t旧御殿水源地\t国\t登録有形文化財\t鶴市町\t高松市\tH9.12.12\n"
        "3\t屋島の獅子舞\t市\t無形民俗文化財\t屋島東町\t保存会\t令和元年5月1日\n"
        "4\t古文書\t県\t有形文化財\t番町\t個人\tS45/3/12\n",
        "utf-8",
    )


def semicolons() -> Made:
    """自転車駐車場: semicolons, decimal commas nowhere."""
    return "churinjo.csv", _csv(
        "番号;名称;所在地;収容台数;料金;緯度;経度\n"
        "1;高松駅前;高松市浜ノ町1;1200;無料;34.3509;134.0465\n"
        "2;瓦町駅南;高松市常磐町1;800;100円;34.3385;134.0520\n",
        "utf-8",
    )


def line_breaks() -> Made:
    """イベント: breaks and quotes inside cells, a comma at the end of every line, no id."""
    return "event.csv", _csv(
        "開催日,開始時刻,終了時刻,イベント名,場所,内容,料金,問い合わせ先,\n"
        '2024年7月7日,10:00,15:00,七夕まつり,中央公園,"短冊を飾ります。\n雨天は""中止""です。",無料,観光課 087-839-2416,\n'
        '2024年7月21日,9:30,12:00,夏の星空観察会,市民プラザ,"定員20名\n要予約",500円,教育課 087-839-2631,\n'
        "2024年8月11日,18:00,21:00,さぬき高松まつり,サンポート,花火,無料,観光課 087-839-2416,\n"
    )


def full_width() -> Made:
    """学校: full-width digits, 〒 and brackets everywhere, blanks in headings."""
    return "gakko.csv", _csv(
        "学 校 名,よみがな,郵便番号,所 在 地,電話番号,学級数,児童生徒数\n"
        "番町小学校,ばんちょうしょうがっこう,〒７６０－００１７,高松市番町五丁目１番５５号,（０８７）８３１－３２５８,１８,５１２\n"
        "栗林小学校,りつりんしょうがっこう,〒７６０－００７３,高松市栗林町二丁目９番５号,（０８７）８３３－０１４１,２４,７０３\n"
        "計,,,,,４２,１２１５\n"
    )


def split_addresses() -> Made:
    """公衆トイレ: an address in four columns, a machine's names of columns, yes in three ways."""
    return "toilets.csv", _csv(
        "ID,name,prefecture,city,town,address_number,latitude,longitude,multipurpose,baby_chair\n"
        "T1,番町公衆トイレ,香川県,高松市,番町,1-2-3,34.3420,134.0465,有,○\n"
        "T2,片原町公衆トイレ,香川県,高松市,片原町,5-6,34.3460,134.0500,無,×\n",
        "utf-8",
    )


def several_tables() -> Made:
    """出張所: two tables, one below the other."""
    return "shucchojo.csv", _csv(
        "【支所】,,\n"
        "名称,所在地,電話番号\n"
        "牟礼総合センター,高松市牟礼町牟礼302-1,087-887-2111\n"
        "国分寺総合センター,高松市国分寺町新居1298,087-864-2111\n"
        ",,\n"
        "【出張所】,,\n"
        "名称,所在地,電話番号\n"
        "鶴尾出張所,高松市松並町,087-800-0003\n"
    )


def workbook() -> Made:
    """施設予約: a workbook with a title, merged cells, days as numbers, a second sheet."""
    rows: list[list[Cell]] = [
        ["公共施設利用状況", None, None, None, None],
        ["施設区分", "施設名", "利用件数", "利用者数", "集計日"],
        ["スポーツ施設", "総合体育館", 120, 4200, (45383.0, DATE)],
        [None, "東部運動公園", 88, 1530, (45383.0, DATE)],
        ["文化施設", "市民文化センター", 64, 2100, (45383.0, DATE)],
    ]
    data = xlsx(
        {"集計": rows, "メモ": [["担当", "内線"], ["スポーツ課", 2626]]},
        merges={"集計": ["A1:E1", "A3:A4"]},
    )
    return "shisetsu_riyo.xlsx", data


def open_document() -> Made:
    """投票所: a table of a free office program, percentages."""
    rows = (
        ("投票区番号", "投票所", "有権者数", "投票者数", "投票率"),
        ("1", "番町小学校", "3,210", "1,677", "52.24%"),
        ("2", "栗林公民館", "4,005", "1,890", "47.19%"),
        ("3", "木太中学校", "5,120", "2,611", "51.00%"),
    )
    cell = "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    lines = (
        "<table:table-row>" + "".join(map(cell.format, row)) + "</table:table-row>" for row in rows
    )
    return "tohyojo.ods", ods(f"<table:table table:name='投票結果'>{''.join(lines)}</table:table>")


def wide() -> Made:
    """推移: one column for each year."""
    return "suii.csv", _csv(
        "区分,平成30年度,令和元年度,令和2年度,令和3年度\n"
        '観光入込客数（千人）,"9,234","9,102","4,511","5,020"\n'
        '宿泊者数（千人）,"1,102","1,098","512",601\n'
    )


def measurements() -> Made:
    """水質: less than, not detected, missing; a moment and a place make the key."""
    return "suishitsu.csv", _csv(
        "測定日,採水地点,水温(℃),pH,BOD(mg/L),大腸菌数,備考\n"
        "2024/4/10,新川橋,15.2,7.8,1.2,240,\n"
        "2024/4/10,春日橋,15.5,7.6,<0.5,不検出,\n"
        "2024/5/8,新川橋,18.9,7.9,1.4,330,前日降雨\n"
        "2024/5/8,春日橋,19.1,-,欠測,-,\n"
    )


def road_works() -> Made:
    """道路工事: spans of days in one cell."""
    return "koji.csv", _csv(
        "工事番号,工事名,工事場所,工期,請負業者,契約金額\n"
        'R5-001,市道番町線舗装工事,高松市番町一丁目地内,令和5年6月1日～令和5年9月30日,株式会社讃岐建設,"12,345,000円"\n'
        'R5-002,橋りょう補修工事,高松市木太町地内,令和5年7月10日～令和6年1月31日,有限会社東讃土木,"8,900,000円"\n'
    )


def houses() -> Made:
    """空き家バンク: prices and areas with their units in the cells."""
    return "akiya.csv", _csv(
        "物件番号,所在地区,種別,価格,土地面積,建物面積,築年,間取り,状態\n"
        "No.12,塩江町,売買,350万円,250.5㎡,98.2㎡,昭和52年,5DK,商談中\n"
        "No.13,牟礼町,賃貸,月額4万円,180㎡,85㎡,平成元年,4LDK,募集中\n"
        "No.15,庵治町,売買,応相談,320.25㎡,120㎡,不詳,6DK,募集中\n"
    )


def quoted_everything() -> Made:
    """医療機関: everything in quotes, hours by weekday with ○ and ／."""
    return "iryokikan.csv", _csv(
        '"医療機関コード","名称","診療科目","所在地","電話番号","月","火","水","木","金","土"\n'
        '"3710112345","番町内科","内科、小児科","高松市番町3-2","087-811-1111","○","○","○","／","○","△"\n'
        '"3710112346","栗林整形外科","整形外科","高松市栗林町1-5","087-822-2222","○","○","／","○","○","○"\n',
        "utf-8-sig",
    )


def lamps() -> Made:
    """防犯灯: nothing but numbers, a place outside Japan among them."""
    return "bohanto.csv", _csv(
        "管理番号,緯度,経度,灯具種類,ワット数\n"
        "000001,34.3401,134.0501,LED,10\n"
        "000002,34.3402,134.0502,LED,10\n"
        "000003,0,0,蛍光灯,20\n"
        "000004,34.3404,134.0504,LED,10\n",
        "utf-8",
    )


def rules_of_the_house() -> Made:
    """指定管理者: notes in cells, a blank row, an empty column, a header with breaks."""
    return "shitei_kanri.csv", _csv(
        '"施設の\n名称",所管課,"指定管理者\n（団体名）",指定期間,,備考\n'
        "総合体育館,スポーツ振興課,公益財団法人高松市スポーツ協会,R3.4.1～R8.3.31,,※更新\n"
        ",,,,,\n"
        "市民プール,スポーツ振興課,（未定）,-,,（注）改修中\n"
    )


def numbers_as_names() -> Made:
    """防災無線: a header in capital Latin letters, coordinates in degrees and minutes."""
    return "BOSAI_MUSEN.CSV", _csv(
        "NO,SETTI_BASHO,JUSHO,LAT,LON,BIKO\n"
        "1,番町公園,高松市番町1,34°20'24\",134°02'50\",\n"
        "2,栗林公園前,高松市栗林町1,34°19'45\",134°02'40\",スピーカー4基\n"
    )


def wifi() -> Made:
    """公衆無線LAN: a known layout with other names of columns."""
    return "wifi.csv", _csv(
        "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,名称_カナ,設置者,住所,緯度,経度,電話番号,SSID,提供エリア,URL,備考\n"
        "372013,1,香川県,高松市,市役所１階,シヤクシヨ,高松市,番町一丁目8-15,34.3428,134.0466,087-839-2011,TAKAMATSU_FREE,ロビー,https://example.jp/wifi,\n"
        "372013,2,香川県,高松市,中央図書館,チユウオウトシヨカン,高松市,昭和町一丁目2-20,34.3433,134.0357,087-861-4501,TAKAMATSU_FREE,館内,https://example.jp/wifi,\n"
    )


def shelters() -> Made:
    """指定緊急避難場所: the national layout, kinds of disasters as 1."""
    return "shitei_hinan.csv", _csv(
        "市町村コード,都道府県名及び市町村名,NO,施設・場所名,住所,洪水,崖崩れ、土石流及び地滑り,高潮,地震,津波,大規模な火事,内水氾濫,火山現象,指定避難所との住所同一,緯度,経度,備考\n"
        "37201,香川県高松市,1,番町小学校,番町五丁目1-55,1,1,1,1,,1,1,,1,34.3411,134.0412,\n"
        "37201,香川県高松市,2,栗林小学校,栗林町二丁目9-5,1,1,,1,1,1,,,1,34.3302,134.0455,\n",
        "utf-8-sig",
    )


def one_column() -> Made:
    """町名: a single column."""
    return "chomei.csv", _csv("町名\n番町\n昭和町\n天神前\n浜ノ町\n", "utf-8")


def councillors() -> Made:
    """議員名簿: people in office, with addresses of mail."""
    return "giin.csv", _csv(
        "議席番号,氏名,ふりがな,会派,期数,生年月日,メールアドレス\n"
        "1,山田太郎,やまだたろう,市民の会,3,昭和40年5月6日,yamada@example.jp\n"
        "2,鈴木花子,すずきはなこ,無所属,1,平成2年12月1日,suzuki@example.jp\n",
        "utf-8-sig",
    )


KINDS: Final[tuple[Callable[[], Made], ...]] = (
    library,
    districts,
    budget,
    bus_stops,
    crowding,
    rubbish,
    swapped,
    tokyo_datum,
    extension_letters,
    utf16,
    tabs,
    semicolons,
    line_breaks,
    full_width,
    split_addresses,
    several_tables,
    workbook,
    open_document,
    wide,
    measurements,
    road_works,
    houses,
    quoted_everything,
    lamps,
    rules_of_the_house,
    numbers_as_names,
    wifi,
    shelters,
    one_column,
    councillors,
)
